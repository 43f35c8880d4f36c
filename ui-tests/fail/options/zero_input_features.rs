use shapewright::prelude::*;

net! {
    struct Net: [0] -> [10] {
        Linear(10),
    }
}

fn main() {}
