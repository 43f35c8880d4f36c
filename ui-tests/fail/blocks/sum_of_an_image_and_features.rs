use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3] {
        Sum { { ReLU }, { GlobalAvgPool2d } },
    }
}

fn main() {}
