use shapewright::prelude::*;

net! {
    struct Net: [6, 8, 8] -> [6, 8, 8] {
        BatchNorm2d(6),
    }
}

fn main() {}
