use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [8, 4, 4] {
        MaxPool2d(2, stride = (-2, 2)),
    }
}

fn main() {}
