use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [4, 16, 16] {
        up: ConvTranspose2d(4, kernel = 2, stride = 0),
    }
}

fn main() {}
