use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        drop: Dropout(p = -0.5),
    }
}

fn main() {}
