use shapewright::prelude::*;

net! {
    struct Net: for<C, H, W> [C, H, W] -> [8, _, _] { Conv2d(8, kernel = 3) }
}

fn main() {}
