use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [8, 6, 6] {
        Conv2d<8>(kernel = 3),
    }
}

fn main() {}
