use shapewright::prelude::*;

net! {
    enum Net: [8] -> [8] { ReLU }
}

fn main() {}
