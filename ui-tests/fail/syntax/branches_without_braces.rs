use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [6, 8, 8] {
        Concat { ReLU, Tanh },
    }
}

fn main() {}
