use shapewright::prelude::*;

const STD: f64 = 0.02;

net! {
    struct Net: [8] -> [10] {
        Linear(10, init = STD),
    }
}

fn main() {}
