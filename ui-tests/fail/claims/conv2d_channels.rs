use shapewright::prelude::*;

const CHANNELS: usize = 4;

net! {
    struct Net: [3, 32, 32] -> [16, 24, 24] {
        Conv2d(6, kernel = 5),
        Conv2d(8 -> 16, kernel = 5),
    }

    struct ByConstant: [3, 32, 32] -> [16, 24, 24] {
        Conv2d(6, kernel = 5),
        Conv2d({ 2 * CHANNELS } -> 16, kernel = 5),
    }
}

fn main() {}
