use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [_] {
        Reshape(192),
        Reshape,
        Reshape([3, [8]]),
    }
}

fn main() {}
