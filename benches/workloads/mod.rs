//! The work of a row as this library does it: ops by their kernels, on buffers that are there
//! already (gradients that are made in place, on a copy); losses, optimisers and networks as a
//! program calls them.

mod conv2d;
mod elementwise;
mod linear;
mod networks;
mod norm;
mod pool2d;
mod training;
mod upsample2d;

use crate::rows::{Row, Size, Work};

/// The work of a row.
///
/// # Errors
///
/// An op or a pass that is not known.
pub fn of(row: &Row) -> Result<Work, String> {
    let work = match row.op.as_str() {
        "conv2d" => conv2d::work(row),
        "conv_transpose2d" => conv2d::transposed_work(row),
        "linear" => linear::work(row),
        "max_pool2d" => pool2d::max_work(row),
        "avg_pool2d" => pool2d::avg_work(row),
        "bilinear" => upsample2d::work(row),
        "batch_norm2d" => norm::work(row),
        "relu" => elementwise::relu_work(row),
        "add" => elementwise::add_work(row),
        "cross_entropy" => training::cross_entropy_work(row),
        "optimizer" => training::optimizer_work(row),
        _ => networks::work(row),
    };
    work?.ok_or_else(|| format!("there is no {}_{}/{}", row.op, row.pass, row.size.name))
}

/// The work, if the row's pass is one that there is.
type Found = Result<Option<Work>, String>;

/// Work that writes to a buffer of `len` numbers.
fn into_buffer(len: usize, mut run: impl FnMut(&mut [f32]) + 'static) -> Found {
    let mut y = vec![0.0; len];
    Ok(Some(Box::new(move |read| {
        run(&mut y);
        read.then(|| y.clone())
    })))
}

/// The side of the output of a square window.
fn output(size: &Size, input: usize) -> usize {
    let [kernel, stride, padding] = size.window;
    (input + 2 * padding - kernel) / stride + 1
}
