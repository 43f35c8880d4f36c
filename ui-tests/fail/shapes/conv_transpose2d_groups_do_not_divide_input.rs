use shapewright::prelude::*;

net! {
    struct Net: [6, 8, 8] -> [8, 9, 9] {
        ConvTranspose2d(8, kernel = 2, groups = 4),
    }
}

fn main() {}
