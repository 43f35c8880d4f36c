use shapewright::prelude::*;

net! {
    struct Net<T, const C: usize>: [C, 8, 8] -> [C, 8, 8] { ReLU }
}

fn main() {}
