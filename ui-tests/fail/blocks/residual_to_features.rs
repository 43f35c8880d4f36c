use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [3] {
        Residual { GlobalAvgPool2d },
    }
}

fn main() {}
