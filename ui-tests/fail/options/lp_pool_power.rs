use shapewright::prelude::*;

const POWER: f64 = -1.0;

net! {
    struct Net: [3, 32, 32] -> [3, 16, 16] {
        LpPool2d(2, p = 0),
    }
    struct Constant: [3, 32, 32] -> [3, 16, 16] {
        LpPool2d(2, p = POWER),
    }
    struct Padding: [3, 32, 32] -> [3, 16, 16] {
        LpPool2d(2, padding = 1),
    }
}

fn main() {}
