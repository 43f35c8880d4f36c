//! Transposed convolution: every pixel of the input stamps the kernel on the output, times its own
//! value, and where stamps overlap they add up. The stride is how far apart the stamps are.
use std::error::Error;

use shapewright::plot::{Heatmap, Panels};
use shapewright::prelude::*;

use super::Image;
use super::common::{Pictures, matrix};

net! {
    struct Overlapping: [1, 2, 2] -> [1, 3, 3] {
        conv: ConvTranspose2d(1, kernel = 2, stride = 1, bias = false),
    }

    struct SideBySide: [1, 2, 2] -> [1, 4, 4] {
        conv: ConvTranspose2d(1, kernel = 2, stride = 2, bias = false),
    }
}

pub fn run(dev: &AutoDevice, pictures: &Pictures) -> Result<(), Box<dyn Error>> {
    let image: Image<2, 2> = dev.tensor([[[1.0, 4.0], [0.0, 2.0]]]);
    let kernel = dev.tensor([[[[2.0, 2.0], [1.0, 1.0]]]]);
    matrix::show("\nimage of 2 × 2", &image)?;
    matrix::show("kernel", &kernel)?;

    let mut net = dev.build_module::<Overlapping, f32>();
    net.conv.weight = kernel.clone();
    let overlapping = net.try_forward_one(image.clone())?;
    let expected = [[2.0, 10.0, 8.0], [1.0, 9.0, 8.0], [0.0, 2.0, 2.0]];
    matrix::check("transposed convolution, stride 1", &overlapping, expected)?;

    let mut net = dev.build_module::<SideBySide, f32>();
    net.conv.weight = kernel.clone();
    let side_by_side = net.try_forward_one(image.clone())?;
    let expected =
        [[2.0, 2.0, 8.0, 8.0], [1.0, 1.0, 4.0, 4.0], [0.0, 0.0, 4.0, 4.0], [0.0, 0.0, 2.0, 2.0]];
    matrix::check("transposed convolution, stride 2", &side_by_side, expected)?;

    let panels = Panels::new()
        .with(Heatmap::new(&image)?.title("image"))
        .with(Heatmap::new(&kernel)?.title("kernel"))
        .with(Heatmap::new(&overlapping)?.title("stride 1"))
        .with(Heatmap::new(&side_by_side)?.title("stride 2"));
    pictures.save("transposed_convolution.png", &panels)
}
