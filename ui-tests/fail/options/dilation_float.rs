use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [16, 6, 6] {
        conv: Conv2d(16, kernel = 3, dilation = 1.0),
    }
}

fn main() {}
