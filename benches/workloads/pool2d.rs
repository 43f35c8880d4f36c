//! Pooling. A max pool in training notes where the maxima are.

use shapewright::kernels::pool2d::{self, Pool2dOp};

use super::{Found, into_buffer, output};
use crate::rows::{Row, numbers};

/// The op, and the elements of its input and of its output.
fn op(row: &Row) -> Result<(Pool2dOp, [usize; 2]), String> {
    let [batch, channels, height, width] = row.size.image()?;
    let [kernel, stride, padding] = row.size.window;
    let output = [output(&row.size, height), output(&row.size, width)];
    let op = Pool2dOp {
        batch,
        channels,
        input: [height, width],
        output,
        kernel: [kernel; 2],
        stride: [stride; 2],
        dilation: [1; 2],
        padding: [[padding; 2]; 2],
    };
    Ok((op, [height * width, output[0] * output[1]].map(|pixels| batch * channels * pixels)))
}

pub fn max_work(row: &Row) -> Found {
    let (op, [inputs, outputs]) = op(row)?;
    let (x, gy) = (numbers(inputs, 1), numbers(outputs, 4));
    let mut indices = vec![0; outputs];
    match row.pass.as_str() {
        "forward" => into_buffer(outputs, move |y| pool2d::max_forward(&op, &x, y, None)),
        "forward_train" => into_buffer(outputs, move |y| {
            pool2d::max_forward(&op, &x, y, Some(&mut indices));
        }),
        "backward" => {
            pool2d::max_forward(&op, &x, &mut vec![0.0; outputs], Some(&mut indices));
            into_buffer(inputs, move |gx| pool2d::max_backward(&op, &indices, &gy, gx))
        }
        _ => Ok(None),
    }
}

pub fn avg_work(row: &Row) -> Found {
    let (op, [inputs, outputs]) = op(row)?;
    let (x, gy) = (numbers(inputs, 1), numbers(outputs, 4));
    match row.pass.as_str() {
        "forward" => into_buffer(outputs, move |y| pool2d::avg_forward(&op, true, &x, y)),
        "backward" => into_buffer(inputs, move |gx| pool2d::avg_backward(&op, true, &gy, gx)),
        _ => Ok(None),
    }
}
