//! Pools: one number for each window.
use std::error::Error;
use std::io::{self, Write};

use shapewright::plot::{ColorMap, Heatmap, ImageGrid, Panels};
use shapewright::prelude::*;

use super::common::{Pictures, matrix};
use super::{Image, digit};

net! {
    // Windows of 2 × 2, side by side, of any image.
    struct Max: for<H, W> [1, H, W] -> [1, _, _] { MaxPool2d(2) }
    struct Avg: for<H, W> [1, H, W] -> [1, _, _] { AvgPool2d(2) }
    struct Min: for<H, W> [1, H, W] -> [1, _, _] { MinPool2d(2) }
    /// The p-norm of a window with p = 2: the root of the sum of squares.
    struct Norm: for<H, W> [1, H, W] -> [1, _, _] { LpPool2d(2, p = 2) }

    // Windows of 3 × 3 that overlap: a stride of 1.
    struct Max3: [1, 5, 5] -> [1, 3, 3] { MaxPool2d(3, stride = 1) }
    struct Min3: [1, 5, 5] -> [1, 3, 3] { MinPool2d(3, stride = 1) }

    // As many windows as the output has pixels, over an image of any size.
    struct AdaptiveMax: for<H, W> [1, H, W] -> [1, 2, 2] { AdaptiveMaxPool2d(2) }
    struct AdaptiveAvg: for<H, W> [1, H, W] -> [1, 2, 2] { AdaptiveAvgPool2d(2) }

    // One window.
    struct GlobalAvg: for<H, W> [1, H, W] -> [1] { GlobalAvgPool2d }
    struct GlobalMax: for<H, W> [1, H, W] -> [1] { GlobalMaxPool2d }
}

pub fn run(dev: &AutoDevice, pictures: &Pictures) -> Result<(), Box<dyn Error>> {
    let max = dev.build_module::<Max, f32>();
    let avg = dev.build_module::<Avg, f32>();
    let min = dev.build_module::<Min, f32>();
    let norm = dev.build_module::<Norm, f32>();
    let small: Image<4, 4> = dev.tensor([[
        [1.0, 3.0, 2.0, 1.0],
        [2.0, 9.0, 1.0, 1.0],
        [1.0, 3.0, 2.0, 3.0],
        [5.0, 6.0, 1.0, 2.0],
    ]]);
    matrix::show("image of 4 × 4", &small)?;
    let largest = max.try_forward_one(small.clone())?;
    matrix::check("maximum 2 × 2", &largest, [[9.0, 2.0], [6.0, 3.0]])?;
    let mean = avg.try_forward_one(small.clone())?;
    matrix::check(
        "average 2 × 2",
        &mean,
        [[15.0, 5.0], [15.0, 8.0]].map(|row| row.map(|x| x / 4.0)),
    )?;
    let smallest = min.try_forward_one(small.clone())?;
    matrix::check("minimum 2 × 2", &smallest, [[1.0, 1.0], [1.0, 1.0]])?;
    let root = norm.try_forward_one(small)?;
    matrix::check(
        "2-norm 2 × 2",
        &root,
        [[95.0, 7.0], [71.0, 18.0]].map(|row| row.map(f32::sqrt)),
    )?;

    let image: Image<5, 5> = dev.tensor([[
        [1.0, 3.0, 2.0, 1.0, 3.0],
        [2.0, 9.0, 1.0, 1.0, 5.0],
        [1.0, 3.0, 2.0, 3.0, 2.0],
        [8.0, 3.0, 5.0, 1.0, 0.0],
        [5.0, 6.0, 1.0, 2.0, 9.0],
    ]]);
    matrix::show("\nimage of 5 × 5", &image)?;
    let max3 = dev.build_module::<Max3, f32>().try_forward_one(image.clone())?;
    let expected = [[9.0, 9.0, 5.0], [9.0, 9.0, 5.0], [8.0, 6.0, 9.0]];
    matrix::check("maximum 3 × 3, stride 1", &max3, expected)?;
    let min3 = dev.build_module::<Min3, f32>().try_forward_one(image.clone())?;
    let expected = [[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 1.0, 0.0]];
    matrix::check("minimum 3 × 3, stride 1", &min3, expected)?;
    // Five rows for two windows: both are 3 × 3 and have the middle in common.
    let adaptive = dev.build_module::<AdaptiveMax, f32>().try_forward_one(image.clone())?;
    matrix::check("adaptive maximum to 2 × 2", &adaptive, [[9.0, 5.0], [8.0, 9.0]])?;
    let adaptive = dev.build_module::<AdaptiveAvg, f32>().try_forward_one(image.clone())?;
    let expected = [[24.0, 20.0], [34.0, 25.0]].map(|row| row.map(|x| x / 9.0));
    matrix::check("adaptive average to 2 × 2", &adaptive, expected)?;
    let [mean] = dev.build_module::<GlobalAvg, f32>().try_forward_one(image.clone())?.array();
    let [most] = dev.build_module::<GlobalMax, f32>().try_forward_one(image.clone())?.array();
    writeln!(io::stdout(), "global average {mean:.2}, global maximum {most}")?;
    assert!((mean - 79.0 / 25.0).abs() < 1e-5 && most == 9.0, "79 / 25 = 3.16, and 9");

    let panels = Panels::new()
        .with(Heatmap::new(&image)?.title("image"))
        .with(Heatmap::new(&max3)?.title("maximum 3 × 3").range(0.0..=9.0))
        .with(Heatmap::new(&min3)?.title("minimum 3 × 3").range(0.0..=9.0));
    pictures.save("pooling.png", &panels)?;

    let digit = digit(dev);
    let pooled = [
        max.try_forward_one(digit.clone())?,
        avg.try_forward_one(digit.clone())?,
        norm.try_forward_one(digit.clone())?,
        min.try_forward_one(digit.clone())?,
    ];
    let pooled = ImageGrid::channels(&pooled.stack())?.color_map(ColorMap::Grey).scale(8.0);
    let panels = Panels::new()
        .with(ImageGrid::new(&digit)?.scale(4.0).captions(["digit"]))
        .with(pooled.captions(["maximum", "average", "2-norm", "minimum"]).columns(4));
    pictures.save("pooling_digit.png", &panels)
}
