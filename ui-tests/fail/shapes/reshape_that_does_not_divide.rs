use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [_, _] {
        Reshape([5, _]),
    }
}

fn main() {}
