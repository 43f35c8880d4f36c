use shapewright::prelude::*;

net! {
    struct Net: [3, 1, 8] -> [4, 2, 9] {
        up: ConvTranspose2d(4, kernel = 2, padding = 1),
    }
}

fn main() {}
