use shapewright::prelude::*;

const ROUNDS: usize = 0;

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] {
        Repeat<0> { Tanh },
    }

    struct ByConstant: [3, 8, 8] -> [3, 8, 8] {
        Repeat<ROUNDS> { Tanh },
    }
}

fn main() {}
