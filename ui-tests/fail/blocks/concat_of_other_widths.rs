use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [8, 8, 8] {
        Concat {
            { Conv2d(4, kernel = 1) },
            { Conv2d(4, kernel = (1, 3)) },
        },
    }
}

fn main() {}
