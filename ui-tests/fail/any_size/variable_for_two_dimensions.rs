use shapewright::prelude::*;

net! {
    struct Net: for<N> [3, N, N] -> [8, _, _] { Conv2d(8, kernel = 3) }
}

fn main() {}
