use shapewright::prelude::*;

const TWO: usize = 2;

net! {
    struct Net: [3, 8, 8] -> [4, 18, 17] {
        ConvTranspose2d(4, kernel = 2, stride = 2, output_padding = (2, 1)),
    }
    struct Constant: [3, 8, 8] -> [_, _, _] {
        ConvTranspose2d(4, kernel = 2, stride = 2, output_padding = TWO),
    }
}

fn main() {}
