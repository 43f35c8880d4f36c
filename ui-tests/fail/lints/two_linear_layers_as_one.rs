#![deny(deprecated)]
use shapewright::prelude::*;

net! {
    struct Net: [1, 16, 16] -> [10] {
        Flatten,
        fc1: Linear(256 -> 64),
        Dropout(0.2),
        fc2: Linear(64 -> 10), ReLU,
        // With fewer features between than before and after, two are not one.
        Linear(2), Linear(10),
    }

    struct Unnamed: [8] -> [3] {
        Linear(8),
        { Linear(3) },
    }
}

fn main() {}
