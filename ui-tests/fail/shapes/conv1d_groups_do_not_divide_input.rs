use shapewright::prelude::*;

net! {
    struct Net: [6, 32] -> [8, 30] {
        Conv1d(8, kernel = 3, groups = 4),
    }
}

fn main() {}
