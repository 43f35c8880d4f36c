//! Linear layers: forward with a bias, and each gradient by itself.

use shapewright::kernels::linear;

use super::{Found, into_buffer};
use crate::rows::{Row, numbers};

pub fn work(row: &Row) -> Found {
    let ([batch, inputs], outputs) = (row.size.features()?, row.size.out_channels);
    let (x, w) = (numbers(batch * inputs, 1), numbers(outputs * inputs, 2));
    let (bias, gy) = (numbers(outputs, 3), numbers(batch * outputs, 4));
    match row.pass.as_str() {
        "forward" => into_buffer(batch * outputs, move |y| {
            linear::forward(batch, inputs, outputs, &x, &w, Some(&bias), y);
        }),
        "backward_input" => into_buffer(batch * inputs, move |gx| {
            linear::backward_input(batch, inputs, outputs, &w, &gy, gx);
        }),
        "backward_weight" => into_buffer(outputs * inputs, move |gw| {
            linear::backward_weight(batch, inputs, outputs, &x, &gy, gw);
        }),
        _ => Ok(None),
    }
}
