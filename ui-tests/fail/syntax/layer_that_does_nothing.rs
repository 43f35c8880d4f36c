use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Identity,
    }
}

fn main() {}
