use shapewright::prelude::*;

net! {
    struct Net: [3, 8] -> [16, 6] {
        conv: Conv1d(16, kernel = 3, init = 3),
    }
}

fn main() {}
