//! Batch normalisation: `forward` by running statistics, the training's two passes by the batch's.

use shapewright::kernels::join;
use shapewright::kernels::norm::{
    BatchNormOp, Statistics, batch_backward_in_place, batch_forward, batch_forward_train,
    update_running,
};

use super::{Found, into_buffer};
use crate::rows::{Row, numbers};

const EPS: f64 = 1e-5;

pub fn work(row: &Row) -> Found {
    let [batch, channels, height, width] = row.size.image()?;
    let op = BatchNormOp { batch, channels, inner: height * width };
    let len = batch * channels * op.inner;
    let (x, gy) = (numbers(len, 1), numbers(len, 4));
    let (weight, bias) = (numbers(channels, 2), numbers(channels, 3));
    let mut running = Statistics { mean: vec![0.0; channels], variance: vec![1.0; channels] };
    match row.pass.as_str() {
        "forward" => into_buffer(len, move |y| {
            batch_forward(&op, EPS, &running, [&weight, &bias], &x, y);
        }),
        "forward_train" => into_buffer(len, move |y| {
            let statistics = batch_forward_train(&op, EPS, [&weight, &bias], &x, y);
            update_running(&op, 0.1, &statistics, &mut running);
        }),
        "backward" => {
            let mut y = vec![0.0; len];
            let statistics = batch_forward_train(&op, EPS, [&weight, &bias], &x, &mut y);
            let (mut gw, mut gb) = (weight.clone(), bias.clone());
            into_buffer(len, move |g| {
                join::copy(&gy, g);
                let gradients = [&mut gw[..], &mut gb[..]];
                batch_backward_in_place(&op, EPS, &statistics, &weight, &x, g, gradients);
            })
        }
        _ => Ok(None),
    }
}
