use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 5, 5] {
        AvgPool2d(2, padding = (1, 2)),
    }
}

fn main() {}
