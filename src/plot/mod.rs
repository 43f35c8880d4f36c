//! Pictures: of images, kernels and feature maps, of trainings, of networks.
//!
//! A [`Figure`] saves itself as PNG or SVG, whichever the file's name ends in.
//!
//! ```
//! use shapewright::plot::{Figure, ImageGrid};
//! use shapewright::prelude::*;
//!
//! let dev = Cpu::seed_from_u64(0);
//! let images: Tensor<Rank4<8, 3, 32, 32>, f32, _> = dev.sample_uniform();
//! let dir = std::env::temp_dir().join("shapewright-plot");
//! ImageGrid::new(&images)?.columns(4).title("noise").save(dir.join("noise.png"))?;
//! # Ok::<_, shapewright::plot::Error>(())
//! ```
//!
//! | figure | of what |
//! |---|---|
//! | [`ImageGrid`] | images, kernels, the channels of feature maps |
//! | [`Heatmap`] | a matrix with its numbers, such as which classes are taken for which |
//! | [`ClassMap`] | the class of each pixel: masks, and what a network sees where |
//! | [`Curves`] | the course of a training |
//! | [`Diagram`] | a declared network |
//! | [`Arithmetic`] | which numbers a convolution or pool takes for which output, as an animation too |
//! | [`Panels`] | other figures, side by side or one below the other |
//!
//! Sizes are in points, of which a PNG has two pixels each. Colours are told apart by colour-blind
//! readers too: [`ColorMap::Viridis`] and [`ColorMap::Diverging`] for numbers, [`class_color`] for
//! classes. A figure of one's own implements [`Figure`] on the same [`Canvas`].

mod arithmetic;
mod axis;
mod canvas;
mod class_map;
mod color;
mod curves;
mod diagram;
mod error;
mod figure;
mod heatmap;
mod image_grid;
mod output;
mod panels;
mod pixels;
mod text;
mod theme;
mod title;
mod values;

pub use arithmetic::Arithmetic;
pub use canvas::{Anchor, Canvas, Font};
pub use class_map::ClassMap;
pub use color::{Color, ColorMap, class_color, ink_on};
pub use curves::Curves;
pub use diagram::Diagram;
pub use error::Error;
pub use figure::Figure;
pub use heatmap::Heatmap;
pub use image_grid::ImageGrid;
pub use panels::Panels;
pub use pixels::Pixels;
