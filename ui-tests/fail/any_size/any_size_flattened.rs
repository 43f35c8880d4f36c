use shapewright::prelude::*;

net! {
    struct LeNet: for<H, W> [3, H, W] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc: Linear(10),
    }

    struct Normal: for<H, W> [3, H, W] -> [3, _, _] { norm: LayerNorm }
}

fn main() {}
