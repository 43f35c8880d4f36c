use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [8, 8, 8] {
        Conv2d(8, kernel = true),
        Conv2d(8, kernel = 3, bias = 1),
        MaxPool2d(2, ceil_mode = yes, padding = "same"),
        LeakyReLU(slope = true),
    }
}

fn main() {}
