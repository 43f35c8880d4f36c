use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [6, 8, 8] -> [6, 8, 8] {
        norm: GroupNorm(0),
    }

    struct ByConstant: [6, 8, 8] -> [6, 8, 8] {
        norm: GroupNorm(ZERO),
    }
}

fn main() {}
