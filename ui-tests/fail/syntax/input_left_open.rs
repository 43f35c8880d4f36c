use shapewright::prelude::*;

net! {
    struct Net: [3, _, _] -> [10] { Flatten, Linear(10) }
}

fn main() {}
