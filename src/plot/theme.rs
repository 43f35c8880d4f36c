//! Colours and sizes, in points, that all figures share.

use super::Color;

pub const PAPER: Color = [255; 3];
pub const INK: Color = [33, 33, 38];
/// Of frames, axes and what is less important.
pub const FAINT: Color = [150, 150, 156];
/// Of the lines of a grid.
pub const FAINTER: Color = [226, 226, 230];

/// Around a figure.
pub const MARGIN: f32 = 14.0;
/// Between the parts of a figure.
pub const GAP: f32 = 8.0;

/// Text, and titles.
pub const TEXT: f32 = 11.0;
pub const TITLE: f32 = 13.0;
/// A line of text with the room around it.
pub const LINE: f32 = 16.0;
pub const TITLE_LINE: f32 = 24.0;
