//! Images of twice the height and width, by bilinear interpolation.

use shapewright::kernels::upsample2d::{self, Upsample2dOp};

use super::{Found, into_buffer};
use crate::rows::{Row, numbers};

pub fn work(row: &Row) -> Found {
    let [batch, channels, height, width] = row.size.image()?;
    let op =
        Upsample2dOp { batch, channels, input: [height, width], output: [2 * height, 2 * width] };
    let inputs = batch * channels * height * width;
    let (x, gy) = (numbers(inputs, 1), numbers(4 * inputs, 4));
    match row.pass.as_str() {
        "forward" => into_buffer(4 * inputs, move |y| {
            upsample2d::bilinear_forward(&op, false, &x, y);
        }),
        "backward" => into_buffer(inputs, move |gx| {
            upsample2d::bilinear_backward(&op, false, &gy, gx);
        }),
        _ => Ok(None),
    }
}
