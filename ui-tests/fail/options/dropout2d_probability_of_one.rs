use shapewright::prelude::*;

const P: f64 = 1.0;

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] {
        Dropout2d(1),
    }

    struct ByConstant: [3, 8, 8] -> [3, 8, 8] {
        Dropout2d(P),
    }
}

fn main() {}
