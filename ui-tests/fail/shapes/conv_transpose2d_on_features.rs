use shapewright::prelude::*;

net! {
    struct Net: [8] -> [4, 2, 2] {
        ConvTranspose2d(4, kernel = 2),
    }
}

fn main() {}
