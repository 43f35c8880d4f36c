//! The LeNet of the benchmarks.

use shapewright::prelude::*;

net! {
    /// For 32×32 RGB images.
    pub struct LeNet: [3, 32, 32] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc1: Linear(120),
        ReLU,
        fc2: Linear(84),
        ReLU,
        fc3: Linear(10),
    }
}
