use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [8, 32] {
        Sum {
            { Conv1d(8, kernel = 1) },
            { Conv1d(8, kernel = 5) },
        },
    }
}

fn main() {}
