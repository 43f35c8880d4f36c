use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] {
        LayerNorm(momentum = 0.1),
    }
}

fn main() {}
