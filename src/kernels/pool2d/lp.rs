//! Power-average pooling and its gradient.

use super::Pool2dOp;
use super::avg::{Window, windows};
use crate::kernels::Element;
use crate::kernels::parallel::pieces;

/// `y[n, c, oy, ox] = (Σ x[n, c, iy, ix]^p)^(1/p)` over the window's pixels; overwrites `y`.
///
/// As PyTorch's
/// [`lp_pool2d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool2d.html):
/// without absolute values, so that odd powers of negative pixels count negative, and the sum over
/// a `ceil_mode` window that reaches beyond the image is scaled up to the whole window.
pub fn lp_forward<E: Element>(op: &Pool2dOp, p: f64, x: &[E], y: &mut [E]) {
    LpPlan::new(op, p).forward(x, y);
}

/// [`lp_forward`] made ready: what does not depend on the pixels.
pub struct LpPlan<E> {
    op: Pool2dOp,
    power: Power<E>,
    windows: [Vec<Window>; 2],
}

impl<E: Element> LpPlan<E> {
    /// For these sizes.
    pub fn new(op: &Pool2dOp, p: f64) -> Self {
        assert_eq!(op.padding, [[0; 2]; 2], "power-average pooling has no padding");
        let windows = [0, 1].map(|axis| windows(op, axis, true));
        LpPlan { op: *op, power: Power::new(p), windows }
    }

    /// As [`lp_forward`].
    pub fn forward(&self, x: &[E], y: &mut [E]) {
        let LpPlan { op, power, windows: [rows, columns] } = self;
        op.check(x.len(), y.len());
        let (pixels, taps) = (op.input_pixels(), op.kernel[0] * op.kernel[1]);
        pieces(power.cost() * op.work(), y, op.output_pixels(), |i, y| {
            let x = &x[i * pixels..][..pixels];
            for (y, row) in y.chunks_exact_mut(op.output[1]).zip(rows) {
                for (y, column) in y.iter_mut().zip(columns) {
                    let mut sum = E::zero();
                    for line in x.chunks_exact(op.input[1]).skip(row.pixels.start).take(row.len()) {
                        line[column.pixels.clone()].iter().for_each(|&x| sum += power.of(x));
                    }
                    let whole = E::cast(taps as f64) / row.area(column);
                    *y = power.root(sum * whole);
                }
            }
        });
    }
}

/// `gx[n, c, iy, ix] = Σ gy · y^(1-p) · x^(p-1)` over every window that has the pixel, `y` as
/// [`lp_forward`] gave it; overwrites `gx`. Where `y` is 0 the gradient is 0, as in PyTorch.
pub fn lp_backward<E: Element>(op: &Pool2dOp, p: f64, [x, y, gy]: [&[E]; 3], gx: &mut [E]) {
    op.check(x.len(), y.len());
    op.check(gx.len(), gy.len());
    let [rows, columns] = [0, 1].map(|axis| windows(op, axis, true));
    let (power, taps) = (Power::new(p), op.kernel[0] * op.kernel[1]);
    let (pixels, width) = (op.output_pixels(), op.input[1]);
    pieces(power.cost() * op.work(), gx, op.input_pixels(), |i, gx| {
        gx.fill(E::zero());
        let x = &x[i * op.input_pixels()..][..op.input_pixels()];
        let (y, gy) = (&y[i * pixels..][..pixels], &gy[i * pixels..][..pixels]);
        let lines = y.chunks_exact(op.output[1]).zip(gy.chunks_exact(op.output[1]));
        for ((y, gy), row) in lines.zip(&rows) {
            for ((&y, &gy), column) in y.iter().zip(gy).zip(&columns) {
                if y == E::zero() {
                    continue;
                }
                let whole = E::cast(taps as f64) / row.area(column);
                let factor = gy * whole / power.slope(y);
                for line in row.pixels.clone() {
                    let span = line * width + column.pixels.start..line * width + column.pixels.end;
                    for (gx, &x) in gx[span.clone()].iter_mut().zip(&x[span]) {
                        *gx += factor * power.slope(x);
                    }
                }
            }
        }
    });
}

/// `x^p`, quickly for the usual `p`.
#[derive(Clone, Copy)]
enum Power<E> {
    One,
    Two,
    Whole(i32),
    Any(E),
}

impl<E: Element> Power<E> {
    fn new(p: f64) -> Self {
        match p {
            1.0 => Power::One,
            2.0 => Power::Two,
            _ if p.fract() == 0.0 && p.abs() < 64.0 => Power::Whole(p as i32),
            _ => Power::Any(E::cast(p)),
        }
    }

    fn of(self, x: E) -> E {
        match self {
            Power::One => x,
            Power::Two => x * x,
            Power::Whole(p) => x.powi(p),
            Power::Any(p) => x.powf(p),
        }
    }

    /// `x^(1/p)`: NaN for a negative `x`, unless `p` is 1.
    fn root(self, x: E) -> E {
        match self {
            Power::One => x,
            Power::Two => x.sqrt(),
            Power::Whole(p) => x.powf(E::cast(f64::from(p)).recip()),
            Power::Any(p) => x.powf(p.recip()),
        }
    }

    /// `x^(p-1)`.
    fn slope(self, x: E) -> E {
        match self {
            Power::One => E::one(),
            Power::Two => x,
            Power::Whole(p) => x.powi(p - 1),
            Power::Any(p) => x.powf(p - E::one()),
        }
    }

    /// In memory accesses.
    fn cost(self) -> usize {
        match self {
            Power::One | Power::Two => 1,
            Power::Whole(_) => 2,
            Power::Any(_) => 16,
        }
    }
}
