use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [3, 5, 5] {
        AdaptiveMaxPool2d((5, 0)),
    }
}

fn main() {}
