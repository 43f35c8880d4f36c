use shapewright::prelude::*;

net! {
    struct Net: for<H, H> [3, H, 8] -> [8, _, _] { Conv2d(8, kernel = 3) }
}

fn main() {}
