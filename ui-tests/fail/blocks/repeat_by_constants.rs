use shapewright::prelude::*;

const CHANNELS: usize = 16;

net! {
    struct Net: [3, 32, 32] -> [16, 32, 32] {
        Repeat<3> { Conv2d(CHANNELS, kernel = 3, padding = 1) },
    }
}

fn main() {}
