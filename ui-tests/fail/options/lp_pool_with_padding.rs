use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 4, 4] {
        LpPool2d(2, padding = 1),
    }
}

fn main() {}
