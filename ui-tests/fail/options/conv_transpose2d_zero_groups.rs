use shapewright::prelude::*;

net! {
    struct Net: [4, 8, 8] -> [4, 9, 9] {
        ConvTranspose2d(4, kernel = 2, groups = 0),
    }
}

fn main() {}
