//! Ops on each element.

use shapewright::kernels::{activation, join};
use shapewright::shape::Activation;

use super::{Found, into_buffer};
use crate::rows::{Row, numbers};

pub fn relu_work(row: &Row) -> Found {
    let [batch, channels, height, width] = row.size.image()?;
    let shape = [batch, channels, height * width];
    let len = shape.iter().product();
    let (x, gy) = (numbers(len, 1), numbers(len, 4));
    match row.pass.as_str() {
        "forward" => into_buffer(len, move |y| {
            activation::forward(Activation::ReLU, shape, &x, y);
        }),
        "backward" => {
            let mut y = vec![0.0; len];
            activation::forward(Activation::ReLU, shape, &x, &mut y);
            into_buffer(len, move |g| {
                join::copy(&gy, g);
                activation::relu_backward_in_place(&y, g);
            })
        }
        _ => Ok(None),
    }
}

pub fn add_work(row: &Row) -> Found {
    let len = row.size.image()?.iter().product();
    let (a, b) = (numbers(len, 1), numbers(len, 2));
    match row.pass.as_str() {
        "forward" => into_buffer(len, move |y| join::add(&a, &b, y)),
        _ => Ok(None),
    }
}
