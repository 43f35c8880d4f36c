use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Residual,
    }
}

fn main() {}
