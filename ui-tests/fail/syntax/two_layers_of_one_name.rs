use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        fc: Linear(8),
        fc_2: ReLU,
        fc: Linear(8),
    }
}

fn main() {}
