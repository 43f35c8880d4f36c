use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 16, 16] {
        Upsample(scale = 1.5),
    }
}

fn main() {}
