use shapewright::prelude::*;

net! {
    struct Variable: for<H, D> [3, H, D] -> [8, _, _] { Conv2d(8, kernel = 3) }

    struct Constant<const E: usize>: [E, 8, 8] -> [8, _, _] { Conv2d(8, kernel = 3) }
}

fn main() {}
