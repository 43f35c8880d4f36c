use shapewright::prelude::*;

net! {
    struct Net { Linear(8) }
}

fn main() {}
