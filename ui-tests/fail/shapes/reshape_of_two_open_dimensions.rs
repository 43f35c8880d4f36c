use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 64] {
        Reshape([_, _]),
    }
}

fn main() {}
