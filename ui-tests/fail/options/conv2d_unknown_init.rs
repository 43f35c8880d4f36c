use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [16, 6, 6] {
        Conv2d(16, kernel = 3, init = kaiming),
    }
}

fn main() {}
