use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [12288] {
        Flatten,
        ReLU,
        Upsample(scale = 2),
    }
}

fn main() {}
