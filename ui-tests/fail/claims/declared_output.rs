use shapewright::prelude::*;

const CLASSES: usize = 10;

net! {
    struct Net: [3, 32, 32] -> [10] {
        Flatten,
        fc1: Linear(120),
        fc2: Linear(100),
    }

    struct ByConstant: [3, 32, 32] -> [10] {
        Flatten,
        fc1: Linear(120),
        fc2: Linear({ 10 * CLASSES }),
    }
}

fn main() {}
