use shapewright::prelude::*;

const P: f64 = 1.0;

net! {
    struct Net: [8] -> [8] {
        Dropout(1.0),
    }

    struct ByConstant: [8] -> [8] {
        Dropout(P),
    }
}

fn main() {}
