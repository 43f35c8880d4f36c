use shapewright::prelude::*;

net! {
    struct type: [8] -> [8] { ReLU }
}

fn main() {}
