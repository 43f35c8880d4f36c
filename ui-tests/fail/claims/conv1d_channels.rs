use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [8, 30] {
        Conv1d(4 -> 8, kernel = 3),
    }
}

fn main() {}
