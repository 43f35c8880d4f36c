use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Linear(2 * 4),
    }
}

fn main() {}
