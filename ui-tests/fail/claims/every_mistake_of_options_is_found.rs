use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [10] {
        a: Conv2d(16, kernel = 0),
        b: Conv2d(16, kernel = 3, strides = 2),
        MaxPool2d((2, 2, 2)),
        MaxPool2d(2, padding = -1),
        Relu,
        a: Dropout(0.5),
        Flatten
        Linear(10),
    }
}

fn main() {}
