use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 4, 4] {
        MaxPool1d(2),
    }
}

fn main() {}
