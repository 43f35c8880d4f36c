//! What the trained network says of digits, and what its convolutions see.
use shapewright::plot::{Error, ImageGrid, Panels};
use shapewright::prelude::*;

use super::{Batch, Digit, LeNet5};

/// Digits with what the network takes them for, and how sure it is.
pub fn predictions(net: &LeNet5, digits: Batch, labels: &[usize]) -> Result<ImageGrid, Error> {
    let p = net.forward(digits.clone()).softmax::<Axis<1>>();
    let (classes, p) = (argmax(&p), p.as_vec());
    let captions = classes.into_iter().zip(p.chunks(10)).zip(labels).map(|((class, p), &label)| {
        let percent = 100.0 * p[class];
        if class == label {
            format!("{class} ({percent:.0} %)")
        } else {
            format!("{label} as {class} ({percent:.0} %)")
        }
    });
    Ok(ImageGrid::new(&digits)?.columns(8).captions(captions).title("what LeNet-5 takes them for"))
}

/// What both convolutions make of one digit.
pub fn features(net: &LeNet5, digit: Digit) -> Result<Panels, Error> {
    let seen = net.activations(digit.reshape::<Rank4<1, 1, 28, 28>>());
    let conv1 = ImageGrid::channels(&seen.conv1)?.columns(5).title("conv1: 20 maps of 28 × 28");
    let conv2 = ImageGrid::channels(&seen.conv2)?.columns(5).title("conv2: 20 maps of 10 × 10");
    // 10 pixels of 5.6 points are as wide as 28 of 2.
    Ok(Panels::new().with(conv1).with(conv2.scale(5.6)))
}
