use shapewright::prelude::*;

net! {
    struct Net: [8] -> [10] {
        Linear("ten"),
    }
}

fn main() {}
