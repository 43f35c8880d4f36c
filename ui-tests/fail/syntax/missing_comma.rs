use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Linear(8)
        act: ReLU,
    }
}

fn main() {}
