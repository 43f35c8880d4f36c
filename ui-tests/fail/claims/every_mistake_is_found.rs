use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [10] {
        conv1: Conv2d(4 -> 6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        => [6, 13, 13],
        conv2: Conv2d(16, kernel = 5),
        Flatten,
        fc1: Linear(400 -> 120),
        fc2: Linear(84 -> 11),
    }
}

fn main() {}
