use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        ReLU,
        ReLU(0.1),
    }
}

fn main() {}
