use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [16, 10, 10] {
        ConvTranspose2d(16, kernel = 3, init = xavier_nromal),
    }
}

fn main() {}
