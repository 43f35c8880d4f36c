//! Upsampling: more pixels without any weights.
use std::error::Error;

use shapewright::plot::{Heatmap, Panels};
use shapewright::prelude::*;

use super::Image;
use super::common::{Pictures, matrix};

net! {
    /// Each pixel becomes 2 × 2.
    struct Nearest: [1, 2, 2] -> [1, 4, 4] { Upsample(scale = 2, mode = nearest) }

    /// A new pixel lies a quarter of the way from one old pixel's centre to the next, and is their
    /// mean with weights of 3/4 and 1/4.
    struct Bilinear: [1, 2, 2] -> [1, 4, 4] { Upsample(scale = 2, mode = bilinear) }
}

pub fn run(dev: &AutoDevice, pictures: &Pictures) -> Result<(), Box<dyn Error>> {
    let image: Image<2, 2> = dev.tensor([[[20.0, 45.0], [10.0, 43.0]]]);
    matrix::show("\nimage of 2 × 2", &image)?;

    let nearest = dev.build_module::<Nearest, f32>().try_forward_one(image.clone())?;
    let (top, bottom) = ([20.0, 20.0, 45.0, 45.0], [10.0, 10.0, 43.0, 43.0]);
    matrix::check("nearest ×2", &nearest, [top, top, bottom, bottom])?;

    let bilinear = dev.build_module::<Bilinear, f32>().try_forward_one(image.clone())?;
    let expected = [
        [20.0, 26.25, 38.75, 45.0],
        [17.5, 24.25, 37.75, 44.5],
        [12.5, 20.25, 35.75, 43.5],
        [10.0, 18.25, 34.75, 43.0],
    ];
    matrix::check("bilinear ×2", &bilinear, expected)?;

    let panels = Panels::new()
        .with(Heatmap::new(&image)?.title("image"))
        .with(Heatmap::new(&nearest)?.title("nearest"))
        .with(Heatmap::new(&bilinear)?.title("bilinear"));
    pictures.save("upsampling.png", &panels)
}
