use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 16] {
        pool: MaxPool2d(2),
        Reshape([3, 17]),
    }
}

fn main() {}
