use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Dropout(1.0),
        drop: Dropout(p = -0.5),
    }
}

fn main() {}
