use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [64, 32, 32] {
        block: Residual {
            Conv2d(64, kernel = 3, padding = 1),
        } shortcut {
            Conv2d(32, kernel = 1),
        },
    }
}

fn main() {}
