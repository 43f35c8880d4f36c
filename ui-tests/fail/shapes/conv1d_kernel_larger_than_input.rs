use shapewright::prelude::*;

const KERNEL: usize = 5;

net! {
    struct Net: [3, 32] -> [_, _] {
        MaxPool1d(8),
        Conv1d(8, kernel = 5),
    }

    struct ByConstants: [3, 32] -> [_, _] {
        MaxPool1d(8),
        Conv1d(8, kernel = KERNEL),
    }
}

fn main() {}
