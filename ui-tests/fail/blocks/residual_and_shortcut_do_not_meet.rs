use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [64, 16, 16] {
        block: Residual {
            Conv2d(64, kernel = 3, stride = 2, padding = 1),
            BatchNorm2d,
        } shortcut {
            Conv2d(64, kernel = 1),
        },
    }
}

fn main() {}
