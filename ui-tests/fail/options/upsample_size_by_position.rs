use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, _, _] {
        Upsample(2),
    }
}

fn main() {}
