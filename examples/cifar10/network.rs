//! The networks that are compared.
use shapewright::prelude::*;

net! {
    /// LeNet-5 (LeCun, 1998) with three input channels, ReLU and maximum pooling.
    pub struct LeNet: [3, 32, 32] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc1: Linear(400 -> 120),
        ReLU,
        fc2: Linear(120 -> 84),
        ReLU,
        fc3: Linear(84 -> 10),
    }

    /// Two 3×3 convolutions beside the identity.
    pub struct Basic<const C: usize>: for<H, W> [C, H, W] -> [C, H, W] {
        Residual {
            Conv2d(C, kernel = 3, padding = 1, bias = false), BatchNorm2d, ReLU,
            Conv2d(C, kernel = 3, padding = 1, bias = false), BatchNorm2d,
        },
        ReLU,
    }

    /// The same from `IN` to `OUT` channels, halving height and width.
    pub struct Down<const IN: usize, const OUT: usize>: for<H, W> [IN, H, W] -> [OUT, _, _] {
        Residual {
            Conv2d(OUT, kernel = 3, stride = 2, padding = 1, bias = false), BatchNorm2d, ReLU,
            Conv2d(OUT, kernel = 3, padding = 1, bias = false), BatchNorm2d,
        } shortcut {
            Conv2d(OUT, kernel = 1, stride = 2, bias = false), BatchNorm2d,
        },
        ReLU,
    }

    /// The smallest of the ResNets for CIFAR-10 (He et al., 2015, section 4.2): 6n + 2 layers with
    /// n = 1.
    pub struct ResNet8: [3, 32, 32] -> [10] {
        stem: { Conv2d(16, kernel = 3, padding = 1, bias = false), BatchNorm2d, ReLU },
        layer1: Basic<16>,
        layer2: Down<16, 32>,
        layer3: Down<32, 64>,
        => [64, 8, 8],
        GlobalAvgPool2d,
        fc: Linear(10),
    }
}
