use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [4, 16, 16] {
        ConvTranspose2d(4, kernel = 0, stride = 2),
    }
}

fn main() {}
