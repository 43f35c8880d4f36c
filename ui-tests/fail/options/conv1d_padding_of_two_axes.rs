use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [8, 32] {
        Conv1d(8, kernel = 3, padding = ((0, 0), (1, 1))),
    }
}

fn main() {}
