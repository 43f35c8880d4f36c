use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Transformer(8),
    }
}

fn main() {}
