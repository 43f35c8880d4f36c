use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [192] {
        a: BatchNorm1d,
        Flatten,
        b: BatchNorm2d,
    }
}

fn main() {}
