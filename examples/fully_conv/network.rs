//! LeNet twice: with linear layers for one window, with convolutions for images of any size.
use shapewright::ops::Backend;
use shapewright::prelude::*;

/// Height and width of the window that LeNet reads.
pub const WINDOW: usize = 32;

/// How far apart the windows of neighbouring positions are: LeNet halves the image twice.
pub const STRIDE: usize = 4;

/// The ten digits and [`NOTHING`].
pub const CLASSES: usize = 11;

/// The class of a window without a digit in its middle.
pub const NOTHING: usize = 10;

net! {
    /// LeNet for one window.
    pub struct LeNet: [1, WINDOW, WINDOW] -> [CLASSES] {
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
        fc3: Linear(84 -> CLASSES),
    }

    /// LeNet for all windows of an image, [`STRIDE`] apart: its linear layers are convolutions.
    pub struct LeNetFullyConv: for<H, W> [1, H, W] -> [CLASSES, _, _] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        ReLU,
        MaxPool2d(2),
        fc1: Conv2d(120, kernel = 5),
        ReLU,
        fc2: Conv2d(84, kernel = 1),
        ReLU,
        fc3: Conv2d(CLASSES, kernel = 1),
    }
}

/// The same weights for any size: those of the linear layers are the same numbers in four
/// dimensions.
pub fn fully_conv<D: Backend<f32>>(net: &LeNet<f32, D>, dev: &D) -> LeNetFullyConv<f32, D> {
    let mut map = dev.build_module::<LeNetFullyConv, f32>();
    map.conv1.weight = net.conv1.weight.clone();
    map.conv2.weight = net.conv2.weight.clone();
    map.fc1.weight = net.fc1.weight.clone().reshape();
    map.fc2.weight = net.fc2.weight.clone().reshape();
    map.fc3.weight = net.fc3.weight.clone().reshape();
    copy(net.conv1.bias(), map.conv1.bias_mut());
    copy(net.conv2.bias(), map.conv2.bias_mut());
    copy(net.fc1.bias(), map.fc1.bias_mut());
    copy(net.fc2.bias(), map.fc2.bias_mut());
    copy(net.fc3.bias(), map.fc3.bias_mut());
    map
}

/// A layer may have no bias; these do.
fn copy<S: Shape, D: Backend<f32>>(
    from: Option<&Tensor<S, f32, D>>,
    to: Option<&mut Tensor<S, f32, D>>,
) {
    if let (Some(from), Some(to)) = (from, to) {
        to.clone_from(from);
    }
}
