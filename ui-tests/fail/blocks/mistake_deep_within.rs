use shapewright::prelude::*;

net! {
    struct ResNet: [3, 32, 32] -> [10] {
        stem: Conv2d(16, kernel = 3, padding = 1),
        layer1: {
            Residual { Conv2d(16, kernel = 3, padding = 1), ReLU },
            ReLU,
        },
        layer2: Repeat<2> {
            Residual {
                conv1: Conv2d(16, kernel = 3, padding = 1),
                ReLU,
                conv2: Conv2d(32 -> 16, kernel = 3, padding = 1),
            },
            ReLU,
        },
        GlobalAvgPool2d,
        fc: Linear(10),
    }
}

fn main() {}
