use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [8] -> [10] {
        fc: Linear(0 -> 10),
    }

    struct ByConstant: [8] -> [10] {
        fc: Linear(ZERO -> 10),
    }
}

fn main() {}
