use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        ELU(alpha = "1"),
    }
}

fn main() {}
