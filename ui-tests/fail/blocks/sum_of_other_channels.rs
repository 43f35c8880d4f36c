use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [4, 8, 8] {
        Sum {
            { Conv2d(4, kernel = 3, padding = same) },
            { Conv2d(4, kernel = 5, padding = same) },
            { Conv2d(6, kernel = 1) },
        },
    }
}

fn main() {}
