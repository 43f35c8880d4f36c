use shapewright::prelude::*;

const MOMENTUM: f64 = 1.5;

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] {
        BatchNorm2d(momentum = 1.5),
    }

    struct ByConstant: [3, 8, 8] -> [3, 8, 8] {
        BatchNorm2d(momentum = MOMENTUM),
    }
}

fn main() {}
