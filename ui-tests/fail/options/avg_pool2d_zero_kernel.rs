use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 4, 4] {
        pool: AvgPool2d((0, 2)),
    }
}

fn main() {}
