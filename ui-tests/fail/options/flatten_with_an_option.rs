use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [192] {
        Flatten(start = 1),
    }
}

fn main() {}
