use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        fc: Linear(8),
        fc: Linear(8),
        fc: Linear(8),
    }
}

fn main() {}
