#![deny(deprecated)]
use shapewright::prelude::*;

net! {
    struct Vgg: [3, 32, 32] -> [10] {
        Conv2d(64, kernel = 3, padding = same), ReLU, MaxPool2d(2),
        Conv2d(128, kernel = 3, padding = same), Repeat<1> { Conv2d(128, kernel = 3, padding = same), ReLU }, MaxPool2d(2),
        Conv2d(256, kernel = 3, padding = same), Repeat<2> { Conv2d(256, kernel = 3, padding = same), ReLU }, MaxPool2d(2),
        conv4_1: Conv2d(512, kernel = 3, padding = same), ReLU,
        conv4_2: Conv2d(512, kernel = 3, padding = same), ReLU,
        conv4_3: Conv2d(512, kernel = 3, padding = same), ReLU,
        conv4_4: Conv2d(512, kernel = 3, padding = same), ReLU,
        GlobalAvgPool2d,
        Linear(10),
    }
}

fn main() {}
