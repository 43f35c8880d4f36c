use shapewright::prelude::*;

const POWER: f64 = 0.0;

net! {
    struct Net: [3, 8, 8] -> [3, 4, 4] {
        LpPool2d(2, p = 0),
    }

    struct ByConstant: [3, 8, 8] -> [3, 4, 4] {
        LpPool2d(2, p = POWER),
    }
}

fn main() {}
