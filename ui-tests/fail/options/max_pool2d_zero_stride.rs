use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 7, 7] {
        MaxPool2d(2, stride = 0),
    }
}

fn main() {}
