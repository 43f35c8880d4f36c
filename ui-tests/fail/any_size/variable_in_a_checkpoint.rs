use shapewright::prelude::*;

net! {
    struct Net: for<H, W> [3, H, W] -> [8, _, _] {
        Conv2d(8, kernel = 3),
        => [8, H, _],
    }
}

fn main() {}
