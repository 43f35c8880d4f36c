use shapewright::prelude::*;

net! {
    struct Net: [3, 4294967296, 4294967296] -> [3, _, _] {
        MaxPool2d(2),
    }
}

fn main() {}
