use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [10] {
        Flatten,
        fc1: Linear(120),
        fc2: Linear(100),
    }
}

fn main() {}
