use shapewright::prelude::*;

net! {
    struct Net: [8] -> [_] {
        Fork { { ReLU }, { Tanh } },
    }
}

fn main() {}
