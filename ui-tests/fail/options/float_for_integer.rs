use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [9, 6, 6] {
        ReLU,
        Conv2d(8.5, kernel = 3),
    }
}

fn main() {}
