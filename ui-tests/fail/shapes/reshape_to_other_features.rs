use shapewright::prelude::*;

const FEATURES: usize = 200;

net! {
    struct Net: [3, 8, 8] -> [192] {
        Reshape([200]),
    }

    struct ByConstant: [3, 8, 8] -> [192] {
        Reshape([FEATURES]),
    }
}

fn main() {}
