use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [3, 32] {
        LSTM,
    }
}

fn main() {}
