use shapewright::prelude::*;

net! {
    struct Net: for<H, W> [3, H, W] -> [H, _, _] { ReLU }
}

fn main() {}
