use shapewright::prelude::*;

net! {
    struct Net: [64, 3, 32, 32] -> [_, _, _] { Conv2d(8, kernel = 3) }
}

fn main() {}
