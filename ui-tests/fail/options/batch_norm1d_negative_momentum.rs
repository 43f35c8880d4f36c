use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        norm: BatchNorm1d(momentum = -0.1),
    }
}

fn main() {}
