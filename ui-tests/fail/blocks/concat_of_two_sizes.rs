use shapewright::prelude::*;

net! {
    struct Inception: [192, 28, 28] -> [_, 28, 28] {
        Concat {
            { Conv2d(64, kernel = 1) },
            { Conv2d(96, kernel = 1), ReLU, Conv2d(128, kernel = 3, padding = 1) },
            { Conv2d(16, kernel = 1), ReLU, Conv2d(32, kernel = 5) },
            { MaxPool2d(3, stride = 1, padding = 1), Conv2d(32, kernel = 1) },
        },
    }
}

fn main() {}
