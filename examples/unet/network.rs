//! The network.
use shapewright::prelude::*;

net! {
    /// Two 3×3 convolutions, each with batch norm and ReLU, that keep height and width.
    pub struct Double<const IN: usize, const OUT: usize>: for<H, W> [IN, H, W] -> [OUT, H, W] {
        Conv2d(OUT, kernel = 3, padding = 1, bias = false), BatchNorm2d, ReLU,
        Conv2d(OUT, kernel = 3, padding = 1, bias = false), BatchNorm2d, ReLU,
    }

    /// A small U-Net (Ronneberger, Fischer and Brox, 2015). Each `Concat` lays the features that
    /// come along its empty branch, the skip, before those that went down to half the size and up
    /// again.
    pub struct UNet: [3, 64, 64] -> [4, 64, 64] {
        down1: Double<3, 8>,
        Concat { {}, {
            MaxPool2d(2),
            down2: Double<8, 16>,
            Concat { {}, {
                MaxPool2d(2),
                down3: Double<16, 32>,
                Concat { {}, {
                    MaxPool2d(2),
                    bottom: Double<32, 64>,
                    => [64, 8, 8],
                    up3: ConvTranspose2d(32, kernel = 2, stride = 2),
                } },
                join3: Double<64, 32>,
                up2: ConvTranspose2d(16, kernel = 2, stride = 2),
            } },
            join2: Double<32, 16>,
            up1: ConvTranspose2d(8, kernel = 2, stride = 2),
        } },
        join1: Double<16, 8>,
        classes: Conv2d(4, kernel = 1),
    }
}
