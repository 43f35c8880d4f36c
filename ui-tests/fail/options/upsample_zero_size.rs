use shapewright::prelude::*;

const ZERO: usize = 0;

net! {
    struct Net: [3, 8, 8] -> [3, 16, 16] {
        Upsample(size = (16, 0)),
    }

    struct ByConstant: [3, 8, 8] -> [3, 16, 16] {
        Upsample(size = (16, ZERO)),
    }
}

fn main() {}
