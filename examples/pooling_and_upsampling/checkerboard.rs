//! Why images made by transposed convolutions can look like checkerboards, and what helps.
//!
//! With a kernel of 3 and a stride of 2, stamps overlap on every other row and column only: some
//! pixels get one stamp, some two, some four. Upsampling and then a convolution treats all pixels
//! alike (Odena et al., 2016, <https://distill.pub/2016/deconv-checkerboard/>).
use std::error::Error;

use shapewright::plot::{Heatmap, ImageGrid, Panels};
use shapewright::prelude::*;

use super::common::{Pictures, matrix};
use super::{Image, digit};

net! {
    struct Stamped: for<H, W> [1, H, W] -> [1, _, _] {
        conv: ConvTranspose2d(1, kernel = 3, stride = 2, bias = false),
    }

    struct Resized: for<H, W> [1, H, W] -> [1, _, _] {
        Upsample(scale = 2),
        conv: Conv2d(1, kernel = 3, padding = same, bias = false),
    }
}

pub fn run(dev: &AutoDevice, pictures: &Pictures) -> Result<(), Box<dyn Error>> {
    // With weights of 1, an output says how much comes together at it.
    let mut stamped = dev.build_module::<Stamped, f32>();
    stamped.conv.weight = dev.ones();
    let mut resized = dev.build_module::<Resized, f32>();
    resized.conv.weight = dev.ones();

    let even: Image<4, 4> = dev.ones();
    let uneven = stamped.try_forward_one(even.clone())?;
    let stamps = [1.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 1.0];
    matrix::check("\nstamps on each pixel", &uneven, stamps.map(|y| stamps.map(|x| y * x)))?;

    // Only at the border it is less, where the window reaches over the zeros of the padding.
    let smooth = resized.try_forward_one(even.clone())?;
    let pixels = [2.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 2.0];
    let expected = pixels.map(|y| pixels.map(|x| y * x));
    matrix::check("upsampled, then convolved", &smooth, expected)?;

    let digit = digit(dev);
    let panels = Panels::new()
        .with(Heatmap::new(&even)?.title("an even image"))
        .with(Heatmap::new(&uneven)?.title("transposed convolution"))
        .with(Heatmap::new(&smooth)?.title("upsampling, convolution"))
        .with(ImageGrid::new(&digit)?.scale(9.0))
        .with(ImageGrid::new(&stamped.try_forward_one(digit.clone())?)?.scale(4.5))
        .with(ImageGrid::new(&resized.try_forward_one(digit.clone())?)?.scale(4.5))
        .columns(3);
    pictures.save("checkerboard.png", &panels)
}
