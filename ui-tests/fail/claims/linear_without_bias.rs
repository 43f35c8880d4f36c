use shapewright::prelude::*;

net! {
    struct Net: [400] -> [10] {
        Linear(256 -> 10, bias = false),
    }
}

fn main() {}
