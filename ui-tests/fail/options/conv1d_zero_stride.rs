use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [3, 32] -> [8, 15] {
        Conv1d(8, kernel = 3, stride = 0),
    }

    struct ByConstant: [3, 32] -> [8, 15] {
        Conv1d(8, kernel = 3, stride = ZERO),
    }
}

fn main() {}
