use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        ReLU &,
        Linear(8),
    }
}

fn main() {}
