use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 7, 7] {
        MaxPool2d(stride = 1),
    }
}

fn main() {}
