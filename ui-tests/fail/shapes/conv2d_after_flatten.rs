use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [4704] {
        Flatten,
        Conv2d(6, kernel = 5),
    }
}

fn main() {}
