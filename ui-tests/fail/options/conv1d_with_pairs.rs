use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [_, _] {
        Conv1d(8, kernel = (1, 3)),
        Conv1d(8, kernel = 3, padding = ((0, 0), (1, 1))),
        MaxPool1d(2, stride = (1, 2)),
    }
}

fn main() {}
