use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [3, 32] -> [8, 30] {
        Conv1d(8, kernel = 0),
    }

    struct ByConstant: [3, 32] -> [8, 30] {
        Conv1d(8, kernel = ZERO),
    }
}

fn main() {}
