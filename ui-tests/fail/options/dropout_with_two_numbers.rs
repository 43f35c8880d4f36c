use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Dropout(0.5, 0.1),
    }
}

fn main() {}
