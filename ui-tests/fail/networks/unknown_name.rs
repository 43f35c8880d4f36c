use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [10] {
        Flatten,
        Transformer,
    }
}

fn main() {}
