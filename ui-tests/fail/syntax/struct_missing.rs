use shapewright::prelude::*;

net! {
    pub Net: [8] -> [8] { ReLU }
}

fn main() {}
