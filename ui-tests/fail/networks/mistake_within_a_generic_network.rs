use shapewright::prelude::*;

net! {
    struct Down<const C: usize, const K: usize>: for<H, W> [C, H, W] -> [C, _, _] {
        conv: Conv2d(C, kernel = K),
        ReLU,
        pool: MaxPool2d(2),
    }

    struct Net: [3, 32, 32] -> [3, 1, 1] {
        Down<3, 5>,
        layer2: { Down<3, 5>, Down<3, 7> },
    }
}

fn main() {}
