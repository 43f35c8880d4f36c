use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [3, 8, 8] -> [3, 64] {
        Reshape([3, 0]),
    }

    struct ByConstant: [3, 8, 8] -> [3, 64] {
        Reshape([3, ZERO]),
    }
}

fn main() {}
