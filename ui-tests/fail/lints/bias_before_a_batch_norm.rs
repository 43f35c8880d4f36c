#![deny(deprecated)]
use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [10] {
        stem: { conv: Conv2d(8, kernel = 3, padding = 1), bn: BatchNorm2d }, ReLU,
        Residual {
            Conv2d(8, kernel = 3, padding = 1, bias = true), BatchNorm2d,
        },
        GlobalAvgPool2d,
        fc: Linear(16), BatchNorm1d, ReLU,
        Linear(10),
    }
}

fn main() {}
