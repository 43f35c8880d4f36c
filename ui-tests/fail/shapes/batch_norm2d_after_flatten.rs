use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [192] {
        Flatten,
        BatchNorm2d,
    }
}

fn main() {}
