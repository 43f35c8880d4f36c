use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Dropout("half"),
    }
}

fn main() {}
