use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, _, _] {
        MaxPool2d(2),
        MaxPool2d(2),
        MaxPool2d(2),
        MaxPool2d(2),
    }
}

fn main() {}
