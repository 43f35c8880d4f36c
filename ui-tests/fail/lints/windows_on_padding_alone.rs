#![deny(deprecated)]
use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 31] -> [10] {
        conv: Conv2d(8, kernel = 1, padding = 1), ReLU,
        Conv2d(8, kernel = 3, stride = 2, padding = ((0, 4), (0, 0))), ReLU,
        GlobalAvgPool2d,
        Linear(10),
    }

    struct Sequence: [3, 100] -> [8, _] {
        Conv1d(8, kernel = 3, padding = 5),
    }
}

fn main() {}
