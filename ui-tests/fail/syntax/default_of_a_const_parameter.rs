use shapewright::prelude::*;

net! {
    struct Net<const C: usize = 3>: [C, 8, 8] -> [C, 8, 8] { ReLU }
}

fn main() {}
