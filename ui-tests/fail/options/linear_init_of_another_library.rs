use shapewright::prelude::*;

net! {
    struct Net: [8] -> [10] {
        Linear(10, init = he_uniform_),
    }
}

fn main() {}
