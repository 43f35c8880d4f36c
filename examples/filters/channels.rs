//! A filter over a colour image.
//!
//! It has a plane of weights for each channel. What the planes give is added, so that one filter
//! makes one number of a window, however many channels there are.
use std::error::Error;
use std::io::{self, Write};

use shapewright::prelude::*;

net! {
    /// A filter for each channel, which sees no other: as many groups as channels.
    struct Planes: [3, 3, 3] -> [3, 1, 1] { conv: Conv2d(3, kernel = 3, groups = 3, bias = false) }

    /// One filter over all channels.
    struct Rgb: [3, 3, 3] -> [1, 1, 1] { conv: Conv2d(1, kernel = 3, bias = false) }
}

pub fn run(dev: &AutoDevice) -> Result<(), Box<dyn Error>> {
    // A green edge: bright on the left, black on the right.
    let red = [[10.0, 10.0, 0.0]; 3];
    let green = [[60.0, 60.0, 0.0]; 3];
    let blue = [[10.0, 10.0, 0.0]; 3];
    let patch = dev.tensor([red, green, blue]);
    let edge = [[1.0, 0.0, -1.0]; 3];

    let mut planes = dev.build_module::<Planes, f32>();
    planes.conv.weight = dev.tensor([[edge], [edge], [edge]]);
    let [[[red]], [[green]], [[blue]]] = planes.try_forward_one(patch.clone())?.array();

    let mut rgb = dev.build_module::<Rgb, f32>();
    rgb.conv.weight = dev.tensor([[edge, edge, edge]]);
    let [[[sum]]] = rgb.try_forward_one(patch)?.array();

    let mut out = io::stdout();
    writeln!(out, "\nan edge in three colours: red {red}, green {green}, blue {blue}")?;
    writeln!(out, "one filter over all channels: {sum}")?;
    assert_eq!([red, green, blue, sum], [30.0, 180.0, 30.0, 240.0], "30 + 180 + 30 = 240");
    Ok(())
}
