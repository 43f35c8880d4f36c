use shapewright::prelude::*;

net! {
    struct Net: [8] -> [10] {
        fc1: Linear(20),
        ReLU,
        fc2: Linear,
    }
}

fn main() {}
