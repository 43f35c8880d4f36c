use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] {
        LayerNorm(eps = -1.0),
    }
}

fn main() {}
