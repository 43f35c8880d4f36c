use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        #[inline] ReLU,
    }
}

fn main() {}
