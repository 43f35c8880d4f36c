use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Linear(usize::pow(2, 3)),
    }
}

fn main() {}
