use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] {
        a: BatchNorm1d,
    }
}

fn main() {}
