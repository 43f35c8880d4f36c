//! Matrices on the terminal, and whether they are the right ones.
use std::error::Error;
use std::io::{self, Write};

use shapewright::prelude::*;

/// Most that a number may be off, of those that are not exact in binary.
const TOLERANCE: f32 = 1e-4;

/// Prints a matrix under its name; dimensions of 1 may stand before its rows and columns.
pub fn show<S: Shape, D: Storage<f32>>(
    name: &str,
    matrix: &Tensor<S, f32, D>,
) -> Result<(), Box<dyn Error>> {
    let numbers: Vec<String> = matrix.as_vec().into_iter().map(short).collect();
    let width = numbers.iter().map(String::len).max().unwrap_or(0);
    let (_, columns) = size(matrix);
    let mut out = io::stdout();
    writeln!(out, "{name}")?;
    for row in numbers.chunks(columns) {
        let cells: Vec<String> = row.iter().map(|x| format!("{x:>width$}")).collect();
        writeln!(out, "  {}", cells.join("  "))?;
    }
    Ok(())
}

/// Prints an image of one channel, and is an error if it is not the expected one.
pub fn check<const H: usize, const W: usize, D: Storage<f32>>(
    name: &str,
    image: &Tensor<Rank3<1, H, W>, f32, D>,
    expected: [[f32; W]; H],
) -> Result<(), Box<dyn Error>> {
    show(name, image)?;
    let mut pairs = image.as_vec().into_iter().zip(expected.into_iter().flatten());
    let wrong = |(found, right): &(f32, f32)| found.is_nan() || (found - right).abs() > TOLERANCE;
    match pairs.find(wrong) {
        Some((found, right)) => Err(format!("{name}: {found} should be {right}").into()),
        None => Ok(()),
    }
}

/// Rows and columns.
fn size<S: Shape, D: Storage<f32>>(matrix: &Tensor<S, f32, D>) -> (usize, usize) {
    let columns = matrix.shape().concrete().into_iter().last().unwrap_or(1);
    (matrix.shape().num_elements() / columns, columns)
}

/// At most three decimals, and none that say nothing.
fn short(x: f32) -> String {
    let text = format!("{x:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
