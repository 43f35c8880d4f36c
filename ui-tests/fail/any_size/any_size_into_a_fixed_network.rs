use shapewright::prelude::*;

net! {
    struct Backbone: [3, 32, 32] -> [16, 8, 8] {
        Conv2d(16, kernel = 4, stride = 4),
    }

    struct Net: for<H, W> [3, H, W] -> [16, _, _] {
        ReLU,
        backbone: Backbone,
    }
}

fn main() {}
