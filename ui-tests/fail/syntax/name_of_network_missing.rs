use shapewright::prelude::*;

net! {
    struct: [8] -> [8] { ReLU }
}

fn main() {}
