use shapewright::prelude::*;

net! {
    struct Net: [6, 8, 8] -> [6, 8, 8] {
        GroupNorm,
        BatchNorm2d(6),
        LayerNorm(momentum = 0.1),
    }
}

fn main() {}
