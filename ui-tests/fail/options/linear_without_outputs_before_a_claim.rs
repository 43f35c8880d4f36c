use shapewright::prelude::*;

net! {
    struct Net: [8] -> [10] {
        fc1: Linear,
        ReLU,
        fc2: Linear(20 -> 10),
    }
}

fn main() {}
