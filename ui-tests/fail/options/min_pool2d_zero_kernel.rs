use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 2, 2] {
        MinPool2d(0),
    }
}

fn main() {}
