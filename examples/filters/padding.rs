//! One filter with three paddings.
//!
//! A 3 × 3 filter fits at 4 × 4 places of a 6 × 6 image (`valid`, the default). Zeros around the
//! image give its size back (`same`), or let every pixel meet every weight (`full`).
use std::error::Error;

use shapewright::plot::{ColorMap, Heatmap, Panels};
use shapewright::prelude::*;

use super::common::{Pictures, matrix};

net! {
    struct Valid: [1, 6, 6] -> [1, 4, 4] {
        conv: Conv2d(1, kernel = 3, padding = valid, bias = false),
    }

    struct Same: [1, 6, 6] -> [1, 6, 6] {
        conv: Conv2d(1, kernel = 3, padding = same, bias = false),
    }

    struct Full: [1, 6, 6] -> [1, 8, 8] {
        conv: Conv2d(1, kernel = 3, padding = full, bias = false),
    }
}

pub fn run(dev: &AutoDevice, pictures: &Pictures) -> Result<(), Box<dyn Error>> {
    let image = dev.tensor([[
        [3.0, 0.0, 1.0, 2.0, 7.0, 4.0],
        [1.0, 5.0, 8.0, 9.0, 3.0, 1.0],
        [2.0, 7.0, 2.0, 5.0, 1.0, 3.0],
        [0.0, 1.0, 3.0, 1.0, 7.0, 8.0],
        [4.0, 2.0, 1.0, 6.0, 2.0, 8.0],
        [2.0, 4.0, 5.0, 2.0, 3.0, 9.0],
    ]]);
    // Vertical edges: what is on the left minus what is on the right.
    let filter = dev.tensor([[[[2.0, 0.0, -2.0]; 3]]]);
    matrix::show("image", &image)?;
    matrix::show("filter", &filter)?;

    let mut net = dev.build_module::<Valid, f32>();
    net.conv.weight = filter.clone();
    let valid = net.try_forward_one(image.clone())?;
    let inside = [
        [-10.0, -8.0, 0.0, 16.0],
        [-20.0, -4.0, 4.0, 6.0],
        [0.0, -4.0, -8.0, -14.0],
        [-6.0, -4.0, -6.0, -32.0],
    ];
    matrix::check("valid: (6 + 0 - 3) / 1 + 1 = 4", &valid, inside)?;

    let mut net = dev.build_module::<Full, f32>();
    net.conv.weight = filter.clone();
    let full = net.try_forward_one(image.clone())?;
    let everywhere = [
        [-6.0, 0.0, 4.0, -4.0, -12.0, -4.0, 14.0, 8.0],
        [-8.0, -10.0, -10.0, -12.0, -2.0, 12.0, 20.0, 10.0],
        [-12.0, -24.0, -10.0, -8.0, 0.0, 16.0, 22.0, 16.0],
        [-6.0, -26.0, -20.0, -4.0, 4.0, 6.0, 22.0, 24.0],
        [-12.0, -20.0, 0.0, -4.0, -8.0, -14.0, 20.0, 38.0],
        [-12.0, -14.0, -6.0, -4.0, -6.0, -32.0, 24.0, 50.0],
        [-12.0, -12.0, 0.0, -4.0, 2.0, -18.0, 10.0, 34.0],
        [-4.0, -8.0, -6.0, 4.0, 4.0, -14.0, 6.0, 18.0],
    ];
    matrix::check("full: (6 + 4 - 3) / 1 + 1 = 8", &full, everywhere)?;

    // Padding adds a border and leaves the inside as it is: `same` is `full` without its border,
    // as `valid` is `same` without its own.
    let mut net = dev.build_module::<Same, f32>();
    net.conv.weight = filter.clone();
    let same = net.try_forward_one(image.clone())?;
    let inner = std::array::from_fn(|y| std::array::from_fn(|x| everywhere[y + 1][x + 1]));
    matrix::check("same: (6 + 2 - 3) / 1 + 1 = 6", &same, inner)?;

    let panels = Panels::new()
        .with(Heatmap::new(&image)?.title("image").color_map(ColorMap::Grey))
        .with(Heatmap::new(&filter)?.title("filter"))
        .with(Heatmap::new(&valid)?.title("valid: 4 × 4").range(-50.0..=50.0))
        .with(Heatmap::new(&same)?.title("same: 6 × 6").range(-50.0..=50.0))
        .with(Heatmap::new(&full)?.title("full: 8 × 8").range(-50.0..=50.0));
    pictures.save("filters_padding.png", &panels)
}
