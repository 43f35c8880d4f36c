use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [_] {
        mix: Concat { { Conv2d(8, kernel = 3, padding = 1) }, { GlobalAvgPool2d } },
        Flatten,
    }
}

fn main() {}
