use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Repeat { ReLU },
    }
}

fn main() {}
