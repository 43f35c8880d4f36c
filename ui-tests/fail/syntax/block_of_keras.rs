use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [6, 8, 8] {
        Concatenate { { ReLU }, { Tanh } },
    }
}

fn main() {}
