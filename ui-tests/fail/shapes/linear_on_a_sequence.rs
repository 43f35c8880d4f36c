use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [10] {
        Linear(10),
    }
}

fn main() {}
