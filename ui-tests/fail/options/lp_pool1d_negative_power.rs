use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [3, 16] {
        LpPool1d(2, p = -2),
    }
}

fn main() {}
