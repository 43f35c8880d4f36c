use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [4, 17, 17] {
        ConvTranspose2d(4, kernel = 2, stride = 2, output_padding = -1),
    }
}

fn main() {}
