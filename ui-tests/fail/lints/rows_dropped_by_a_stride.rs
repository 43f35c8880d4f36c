#![deny(deprecated)]
use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 33] -> [10] {
        Conv2d(8, kernel = 3, stride = 2), ReLU,
        Conv2d(8, kernel = 2, stride = 2), ReLU,
        GlobalAvgPool2d,
        Linear(10),
    }

    struct Sequence: [3, 101] -> [10] {
        Conv1d(8, kernel = 5, stride = 3), ReLU,
        MaxPool1d(2),
        Flatten,
        Linear(10),
    }
}

fn main() {}
