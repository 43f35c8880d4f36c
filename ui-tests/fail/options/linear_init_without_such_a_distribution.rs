use shapewright::prelude::*;

net! {
    struct Net: [8] -> [10] {
        Linear(10, init = { Init::Normal { mean: 0.0, std: -0.02 } }),
    }
}

fn main() {}
