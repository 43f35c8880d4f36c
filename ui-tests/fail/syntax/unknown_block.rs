use shapewright::prelude::*;

net! {
    struct Net: [8] -> [16] {
        Fork { { ReLU }, { Tanh } },
    }
}

fn main() {}
