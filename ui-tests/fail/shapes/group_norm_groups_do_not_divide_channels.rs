use shapewright::prelude::*;

const GROUPS: usize = 4;

net! {
    struct Net: [6, 8, 8] -> [6, 8, 8] {
        GroupNorm(4),
    }

    struct ByConstant: [6, 8, 8] -> [6, 8, 8] {
        GroupNorm(GROUPS),
    }
}

fn main() {}
