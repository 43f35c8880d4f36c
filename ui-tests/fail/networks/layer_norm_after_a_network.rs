use shapewright::prelude::*;

net! {
    struct Inner<const C: usize>: [C, 8, 8] -> [C, 8, 8] { ReLU }

    struct Net<const C: usize>: [C, 8, 8] -> [C, 8, 8] {
        self::Inner<C>,
        norm: LayerNorm,
    }
}

fn main() {}
