use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [8] -> [10] {
        Linear(0),
    }

    struct ByConstant: [8] -> [10] {
        Linear(ZERO),
    }
}

fn main() {}
