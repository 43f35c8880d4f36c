use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Linear(4611686018427387904),
        Linear(8),
    }
}

fn main() {}
