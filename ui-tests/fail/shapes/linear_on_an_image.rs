use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [10] {
        Conv2d(6, kernel = 5),
        Linear(10),
    }
}

fn main() {}
