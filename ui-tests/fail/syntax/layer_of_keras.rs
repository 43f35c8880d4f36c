use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [10] {
        Flatten,
        Dense(10),
    }
}

fn main() {}
