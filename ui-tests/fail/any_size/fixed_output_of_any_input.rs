use shapewright::prelude::*;

net! {
    struct Net: for<H, W> [3, H, W] -> [8, 30, 30] { Conv2d(8, kernel = 3) }
}

fn main() {}
