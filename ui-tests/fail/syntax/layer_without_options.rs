use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        ReLU(0.1),
        Flatten(start = 1),
    }
}

fn main() {}
