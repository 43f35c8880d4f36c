use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [_, _, _] {
        Upsample,
        Upsample(2),
        Upsample(scale = 2, size = 16),
        Upsample(scale = 2, mode = cubic),
        Upsample(scale = 2, align_corners = true),
    }
}

fn main() {}
