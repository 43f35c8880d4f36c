use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [768] {
        Flatten,
        MaxPool2d(2),
    }
}

fn main() {}
