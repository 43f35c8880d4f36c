use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [3, 16, 16] {
        MaxPool(2),
    }
}

fn main() {}
