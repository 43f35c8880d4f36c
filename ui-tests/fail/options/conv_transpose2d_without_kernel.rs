use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [4, 10, 10] {
        up: ConvTranspose2d(4),
    }
}

fn main() {}
