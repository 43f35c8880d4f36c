use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [_, _] {
        Conv2d(6, kernel = 5),
        conv: Conv1d(8, kernel = 3),
    }
}

fn main() {}
