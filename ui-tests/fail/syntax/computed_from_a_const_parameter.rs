use shapewright::prelude::*;

net! {
    struct Input<const C: usize>: [{ 2 * C }, 8, 8] -> [C, 8, 8] {
        Conv2d(C, kernel = 1),
    }

    struct Size<const C: usize, const S: usize>: for<H, W> [C, H, W] -> [{ 2 * C }, _, _] {
        Conv2d({ 2 * C }, kernel = 3, stride = { S + 1 }, padding = S),
    }
}

fn main() {}
