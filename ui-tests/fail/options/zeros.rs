use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [16, 8, 8] {
        a: Conv2d(16, kernel = 0),
        b: Conv2d(16, kernel = 3, stride = (0, 1)),
        c: Conv2d(16, kernel = 3, dilation = 0),
        d: Conv2d(0, kernel = 3),
        e: Conv2d(16, kernel = 3, groups = 0),
        MaxPool2d((2, 0)),
        Linear(0),
        Linear(0 -> 3),
    }
}

fn main() {}
