use shapewright::prelude::*;

const CLAIMED: usize = 16 * 31 * 31;

net! {
    struct Net: [3, 32, 32] -> [10] {
        conv0: Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Dropout2d(0.1),
        conv1: Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Dropout2d(0.1),
        conv2: Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Dropout2d(0.1),
        conv3: Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Dropout2d(0.1),
        conv4: Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Dropout2d(0.1),
        conv5: Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Dropout2d(0.1),
        conv6: Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Dropout2d(0.1),
        conv7: Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Dropout2d(0.1),
        conv8: Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Dropout2d(0.1),
        conv9: Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Dropout2d(0.1),
        Flatten,
        fc: Linear(CLAIMED -> 10),
    }
}

fn main() {}
