use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Repeat<{ 1 + 1 } { ReLU },
    }
}

fn main() {}
