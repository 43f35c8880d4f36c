use shapewright::prelude::*;

net! {
    struct Net: [6, 6, 40] -> [16, _, _] {
        conv: Conv2d(16, kernel = 5, dilation = (2, 4), padding = (1, 0)),
    }
}

fn main() {}
