use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Sum { { ReLU } },
    }
}

fn main() {}
