#![deny(deprecated)]
use shapewright::prelude::*;

net! {
    struct Net: [3, 28, 30] -> [10] {
        conv1: Conv2d(8, kernel = 3, padding = 1), ReLU,
        pool1: MaxPool2d(2),
        pool2: AvgPool2d(4, stride = 3),
        Flatten,
        fc: Linear(10),
    }
}

fn main() {}
