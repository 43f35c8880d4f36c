use shapewright::prelude::*;

const CHANNELS: usize = 4;

net! {
    struct Net: [3, 8, 8] -> [4, 8, 8] {
        Sum {
            { Conv2d(CHANNELS, kernel = 3, padding = 1) },
            { Conv2d({ 2 * CHANNELS }, kernel = 1) },
        },
    }
}

fn main() {}
