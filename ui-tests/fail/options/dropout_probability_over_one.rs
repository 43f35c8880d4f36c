use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Dropout(50),
    }
}

fn main() {}
