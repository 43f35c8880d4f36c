use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [10] {
        Flatten,
        Conv1d(8, kernel = 3),
        Linear(10),
    }
}

fn main() {}
