use shapewright::prelude::*;

const FEATURES: usize = 84;

net! {
    struct Net: [400] -> [10] {
        fc1: Linear(120),
        ReLU,
        fc2: Linear(84 -> 10),
    }

    struct ByConstant: [400] -> [10] {
        fc1: Linear(120),
        ReLU,
        fc2: Linear(FEATURES -> 10),
    }
}

fn main() {}
