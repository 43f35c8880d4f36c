use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [192] {
        Reshape(192),
    }
}

fn main() {}
