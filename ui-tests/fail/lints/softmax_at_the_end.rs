#![deny(deprecated)]
use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [10] {
        Conv2d(8, kernel = 3), ReLU,
        GlobalAvgPool2d,
        Linear(10),
        Softmax,
        => [10],
    }
}

fn main() {}
