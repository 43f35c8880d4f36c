use shapewright::prelude::*;

net! {
    struct Net: [16, 5, 5] -> [10] {
        Flatten,
        fc1: Linear(256 -> 120),
        ReLU,
        fc2: Linear(120 -> 10),
    }
}

fn main() {}
