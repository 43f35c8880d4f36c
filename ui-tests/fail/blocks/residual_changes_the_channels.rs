use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [3, 32, 32] {
        Residual {
            Conv2d(16, kernel = 3, padding = 1),
            BatchNorm2d,
        },
    }
}

fn main() {}
