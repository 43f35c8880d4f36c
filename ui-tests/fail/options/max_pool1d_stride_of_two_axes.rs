use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [3, 16] {
        MaxPool1d(2, stride = (2, 2)),
    }
}

fn main() {}
