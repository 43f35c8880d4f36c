use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        LeakyReLU(inplace = true),
    }
}

fn main() {}
