use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        LeakyReLU(slope = true),
    }
}

fn main() {}
