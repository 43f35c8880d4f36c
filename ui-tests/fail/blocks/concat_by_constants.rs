use shapewright::prelude::*;

const PADDING: usize = 0;

net! {
    struct Net: [3, 8, 8] -> [8, 8, 8] {
        mix: Concat {
            { Conv2d(4, kernel = 3, padding = PADDING) },
            { Conv2d(4, kernel = 1) },
        },
    }
}

fn main() {}
