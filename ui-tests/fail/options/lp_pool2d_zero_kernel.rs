use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 4, 4] {
        LpPool2d(0),
    }
}

fn main() {}
