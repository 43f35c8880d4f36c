use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [4, 8, 8] {
        Sum {
            { Conv2d(4, kernel = 1) },
            { Conv2d(4, kernel = (3, 1)) },
        },
    }
}

fn main() {}
