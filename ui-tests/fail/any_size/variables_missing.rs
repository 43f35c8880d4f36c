use shapewright::prelude::*;

net! {
    struct Net: for [3, 8, 8] -> [3, 8, 8] { ReLU }
}

fn main() {}
