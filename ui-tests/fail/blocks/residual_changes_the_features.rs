use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Residual { Linear(16), ReLU },
    }
}

fn main() {}
