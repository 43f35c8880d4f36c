use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        BatchNorm2d(momentum = 0.2),
    }
}

fn main() {}
