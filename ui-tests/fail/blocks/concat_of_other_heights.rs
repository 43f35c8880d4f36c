use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [8, 8, 8] {
        mix: Concat {
            { Conv2d(4, kernel = 3, padding = (0, 1)) },
            { Conv2d(4, kernel = 1) },
        },
    }
}

fn main() {}
