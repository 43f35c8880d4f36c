use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 16, 16] {
        Upsample(scale = 2, align_corners = true),
    }
}

fn main() {}
