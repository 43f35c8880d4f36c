//! Well-known filters on a digit: edges in two directions (Sobel and Feldman, 1968), blur, sharpen.
use std::error::Error;
use std::io::{self, Write};

use shapewright::data::Digits;
use shapewright::plot::{ColorMap, ImageGrid, Panels};
use shapewright::prelude::*;

use super::common::Pictures;

net! {
    /// Four filters in one layer, an output channel for each.
    struct Bank: [1, 28, 28] -> [4, 28, 28] {
        conv: Conv2d(4, kernel = 3, padding = same, bias = false),
    }
}

const NAMES: [&str; 4] = ["vertical edges", "horizontal edges", "blur", "sharpen"];
const VERTICAL: [[f32; 3]; 3] = [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]];
const HORIZONTAL: [[f32; 3]; 3] = [[1.0, 2.0, 1.0], [0.0, 0.0, 0.0], [-1.0, -2.0, -1.0]];
const BLUR: [[f32; 3]; 3] = [[1.0 / 9.0; 3]; 3];
const SHARPEN: [[f32; 3]; 3] = [[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]];

pub fn run(dev: &AutoDevice, pictures: &Pictures) -> Result<(), Box<dyn Error>> {
    let mut bank = dev.build_module::<Bank, f32>();
    bank.conv.weight = dev.tensor([[VERTICAL], [HORIZONTAL], [BLUR], [SHARPEN]]);

    // The weights of an edge filter sum to 0 and those of the others to 1: on an even grey the one
    // finds nothing, the other changes nothing.
    let grey: Tensor<Rank3<1, 28, 28>, f32, _> = dev.ones();
    let even = bank.try_forward_one(grey)?.array().map(|channel| channel[14][14]);
    writeln!(io::stdout(), "\non an even grey of 1:")?;
    for ((name, found), right) in NAMES.iter().zip(even).zip([0.0, 0.0, 1.0, 1.0]) {
        writeln!(io::stdout(), "  {name}: {found:.0}")?;
        if (found - right).abs() > 1e-6 {
            return Err(format!("{name} on an even grey gives {found}, not {right}").into());
        }
    }

    let digits = Digits::draw(10, 0);
    let pixels = digits.sample(3).0.iter().map(|&pixel| f32::from(pixel) / 255.0);
    let digit: Tensor<Rank3<1, 28, 28>, f32, _> =
        dev.tensor_from_vec(pixels.collect(), Default::default());
    let filtered = bank.try_forward_one(digit.clone())?;
    let filtered = ImageGrid::channels(&filtered)?.color_map(ColorMap::Grey).scale(5.0);
    let panels = Panels::new()
        .with(ImageGrid::new(&digit)?.scale(5.0).captions(["digit"]))
        .with(filtered.captions(NAMES).columns(4));
    pictures.save("filters_digit.png", &panels)
}
