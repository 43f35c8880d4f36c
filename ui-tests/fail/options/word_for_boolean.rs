use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [8, 4, 4] {
        MaxPool2d(2, ceil_mode = no),
    }
}

fn main() {}
