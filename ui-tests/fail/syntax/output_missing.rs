use shapewright::prelude::*;

net! {
    struct Net: [8] { ReLU }
}

fn main() {}
