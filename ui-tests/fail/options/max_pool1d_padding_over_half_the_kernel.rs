use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [3, 17] {
        MaxPool1d(2, padding = 2),
    }
}

fn main() {}
