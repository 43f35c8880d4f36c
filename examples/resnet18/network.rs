//! ResNet-18 in the layout and with the parameter names of torchvision's `resnet18`.
use shapewright::prelude::*;

net! {
    /// Two 3×3 convolutions beside the identity.
    pub struct BasicBlock<const C: usize>: for<H, W> [C, H, W] -> [C, H, W] {
        Residual {
            conv1: Conv2d(C, kernel = 3, padding = 1, bias = false),
            bn1: BatchNorm2d,
            ReLU,
            conv2: Conv2d(C, kernel = 3, padding = 1, bias = false),
            bn2: BatchNorm2d,
        },
        ReLU,
    }

    /// A basic block from `IN` to `OUT` channels that halves height and width, rounding up.
    pub struct Downsample<const IN: usize, const OUT: usize>:
        for<H, W> [IN, H, W] -> [OUT, _, _]
    {
        Residual {
            conv1: Conv2d(OUT, kernel = 3, stride = 2, padding = 1, bias = false),
            bn1: BatchNorm2d,
            ReLU,
            conv2: Conv2d(OUT, kernel = 3, padding = 1, bias = false),
            bn2: BatchNorm2d,
        } shortcut {
            downsample: {
                Conv2d(OUT, kernel = 1, stride = 2, bias = false),
                BatchNorm2d,
            },
        },
        ReLU,
    }

    /// ResNet-18 (He et al., 2015), for any number of classes and any image size.
    pub struct ResNet18<const CLASSES: usize>: for<H, W> [3, H, W] -> [CLASSES] {
        conv1: Conv2d(64, kernel = 7, stride = 2, padding = 3, bias = false),
        bn1: BatchNorm2d,
        ReLU,
        MaxPool2d(3, stride = 2, padding = 1),
        layer1: { BasicBlock<64>, BasicBlock<64> },
        layer2: { Downsample<64, 128>, BasicBlock<128> },
        layer3: { Downsample<128, 256>, BasicBlock<256> },
        layer4: { Downsample<256, 512>, BasicBlock<512> },
        GlobalAvgPool2d,
        fc: Linear(CLASSES),
    }
}

// As torchvision counts them.
const _: () = assert!(ResNet18::<1000>::PARAMETERS == 11_689_512);
