use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [_, _] {
        Conv2d(8, kernel = 3),
    }
}

fn main() {}
