use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [8, 30] {
        Conv1d(8),
    }
}

fn main() {}
