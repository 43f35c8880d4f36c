//! Convolutions, transposed ones too: forward with a bias, and each gradient by itself.

use shapewright::kernels::conv_transpose2d;
use shapewright::kernels::conv2d::{self, Conv2dOp};

use super::{Found, into_buffer, output};
use crate::rows::{Row, numbers};

pub fn work(row: &Row) -> Found {
    let [batch, in_channels, height, width] = row.size.image()?;
    let [kernel, stride, padding] = row.size.window;
    let op = Conv2dOp {
        batch,
        in_channels,
        out_channels: row.size.out_channels,
        groups: row.size.groups,
        input: [height, width],
        output: [output(&row.size, height), output(&row.size, width)],
        kernel: [kernel; 2],
        stride: [stride; 2],
        dilation: [1; 2],
        padding: [padding; 2],
    };
    let (x, w) = (numbers(op.input_len(), 1), numbers(op.weight_len(), 2));
    let (bias, gy) = (numbers(op.out_channels, 3), numbers(op.output_len(), 4));
    match row.pass.as_str() {
        "forward" => into_buffer(op.output_len(), move |y| {
            conv2d::forward(&op, &x, &w, Some(&bias), y);
        }),
        "backward_input" => into_buffer(op.input_len(), move |gx| {
            conv2d::backward_input(&op, &w, &gy, gx);
        }),
        "backward_weight" => into_buffer(op.weight_len(), move |gw| {
            conv2d::backward_weight(&op, &x, &gy, gw);
        }),
        _ => Ok(None),
    }
}

pub fn transposed_work(row: &Row) -> Found {
    let [batch, in_channels, height, width] = row.size.image()?;
    let [kernel, stride, padding] = row.size.window;
    let side = |input: usize| (input - 1) * stride + kernel - 2 * padding;
    // The convolution that is transposed: from the output to the input.
    let op = Conv2dOp {
        batch,
        in_channels: row.size.out_channels,
        out_channels: in_channels,
        groups: row.size.groups,
        input: [side(height), side(width)],
        output: [height, width],
        kernel: [kernel; 2],
        stride: [stride; 2],
        dilation: [1; 2],
        padding: [padding; 2],
    };
    let (x, w) = (numbers(op.output_len(), 1), numbers(op.weight_len(), 2));
    let (bias, gy) = (numbers(op.in_channels, 3), numbers(op.input_len(), 4));
    match row.pass.as_str() {
        "forward" => into_buffer(op.input_len(), move |y| {
            conv_transpose2d::forward(&op, &x, &w, Some(&bias), y);
        }),
        "backward_input" => into_buffer(op.output_len(), move |gx| {
            conv_transpose2d::backward_input(&op, &w, &gy, gx);
        }),
        "backward_weight" => into_buffer(op.weight_len(), move |gw| {
            conv_transpose2d::backward_weight(&op, &x, &gy, gw);
        }),
        _ => Ok(None),
    }
}
