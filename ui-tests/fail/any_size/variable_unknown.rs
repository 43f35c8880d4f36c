use shapewright::prelude::*;

net! {
    struct Net: for<H, W> [3, H, W] -> [3, H, V] { ReLU }
}

fn main() {}
