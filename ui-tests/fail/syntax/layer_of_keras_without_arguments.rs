use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [3] {
        GlobalAveragePooling2D,
    }
}

fn main() {}
