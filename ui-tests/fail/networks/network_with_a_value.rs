use shapewright::prelude::*;

net! {
    struct Inner: [3] -> [3] {
        ReLU,
    }

    struct Outer: [3] -> [3] {
        self::Inner(3),
    }
}

fn main() {}
