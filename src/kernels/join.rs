//! The sum of arrays, and arrays side by side.

use super::Element;
use super::parallel::pieces;

/// Elements a task.
const PIECE: usize = 8192;

/// `y = a + b`.
pub fn add<E: Element>(a: &[E], b: &[E], y: &mut [E]) {
    assert_eq!(a.len(), y.len());
    assert_eq!(b.len(), y.len());
    pieces(y.len(), y, PIECE, |i, y| {
        for ((y, &a), &b) in y.iter_mut().zip(&a[i * PIECE..]).zip(&b[i * PIECE..]) {
            *y = a + b;
        }
    });
}

/// `y += x`.
pub fn add_in_place<E: Element>(x: &[E], y: &mut [E]) {
    assert_eq!(x.len(), y.len());
    pieces(y.len(), y, PIECE, |i, y| {
        y.iter_mut().zip(&x[i * PIECE..]).for_each(|(y, &x)| *y += x);
    });
}

/// `y = x`.
pub fn copy<E: Element>(x: &[E], y: &mut [E]) {
    assert_eq!(x.len(), y.len());
    pieces(y.len(), y, PIECE, |i, y| y.copy_from_slice(&x[i * PIECE..][..y.len()]));
}

/// The sizes of images side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcatOp {
    /// Images.
    pub batch: usize,
    /// How much of an output image each input gives: its channels · height · width.
    pub parts: Vec<usize>,
}

impl ConcatOp {
    /// The length of an input.
    pub fn len(&self, part: usize) -> usize {
        self.batch * self.parts[part]
    }

    /// The size of an output image.
    fn image(&self) -> usize {
        self.parts.iter().sum()
    }

    /// Where an input starts in an output image.
    fn start(&self, part: usize) -> usize {
        self.parts[..part].iter().sum()
    }
}

/// `y[n] = xs[0][n], xs[1][n], …`; overwrites `y`.
pub fn concat<E: Element>(op: &ConcatOp, xs: &[&[E]], y: &mut [E]) {
    assert_eq!(xs.len(), op.parts.len());
    assert!(xs.iter().enumerate().all(|(part, x)| x.len() == op.len(part)));
    assert_eq!(y.len(), op.batch * op.image());
    pieces(y.len(), y, op.image(), |n, mut y| {
        for (x, &size) in xs.iter().zip(&op.parts) {
            let (own, rest) = y.split_at_mut(size);
            own.copy_from_slice(&x[n * size..][..size]);
            y = rest;
        }
    });
}

/// Only the part of `y` that comes from one input: `y[n][start of the part..] = x[n]`.
pub fn put<E: Element>(op: &ConcatOp, part: usize, x: &[E], y: &mut [E]) {
    assert_eq!(x.len(), op.len(part));
    assert_eq!(y.len(), op.batch * op.image());
    let (start, size) = (op.start(part), op.parts[part]);
    pieces(x.len(), y, op.image(), |n, y| {
        y[start..][..size].copy_from_slice(&x[n * size..][..size]);
    });
}

/// What one input gave to `y`, and the gradient of it: `x[n] = y[n][start of the part..]`;
/// overwrites `x`.
pub fn part<E: Element>(op: &ConcatOp, part: usize, y: &[E], x: &mut [E]) {
    assert_eq!(x.len(), op.len(part));
    assert_eq!(y.len(), op.batch * op.image());
    let (start, size) = (op.start(part), op.parts[part]);
    pieces(x.len(), x, size, |n, x| x.copy_from_slice(&y[n * op.image() + start..][..size]));
}
