use shapewright::prelude::*;

net! {
    struct Inner: [3] -> [3] {
        ReLU,
    }

    struct Outer: [3] -> [3] {
        inner: self::Inner(bias = false),
    }
}

fn main() {}
