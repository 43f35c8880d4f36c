use shapewright::prelude::*;

const ROUNDS: usize = 0;

net! {
    struct Never: [3, 8, 8] -> [3, 8, 8] { Repeat<0> { ReLU } }

    struct ByConstant: [3, 8, 8] -> [3, 8, 8] { Repeat<ROUNDS> { ReLU } }
}

fn main() {}
