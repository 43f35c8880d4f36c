use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [6, 32, 32] {
        Conv2D(6, kernel = 5),
        Relu,
        MaxPool(2),
        Transformer(8),
    }
}

fn main() {}
