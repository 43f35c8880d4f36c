use shapewright::prelude::*;

net! {
    struct Net: [3, 8] -> [3, 1] {
        AvgPool1d(9),
    }
}

fn main() {}
