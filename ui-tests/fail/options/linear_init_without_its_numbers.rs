use shapewright::prelude::*;

net! {
    struct Net: [8] -> [10] {
        Linear(10, init = normal),
    }
}

fn main() {}
