use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Softmax(dim = 1),
    }
}

fn main() {}
