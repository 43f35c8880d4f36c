use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 5, 5] {
        MaxPool2d(3, padding = 2),
    }
}

fn main() {}
