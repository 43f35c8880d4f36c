//! The fully connected layer: `y = x · wᵀ + b`.
//!
//! `x` is `(batch, in_features)`, `w` is `(out_features, in_features)` and `y` is
//! `(batch, out_features)`, as in
//! [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.Linear.html).

use super::Element;
use super::parallel::gemm_parallelism;

/// `y = x · wᵀ + b`; overwrites `y`.
pub fn forward<E: Element>(
    batch: usize,
    in_features: usize,
    out_features: usize,
    x: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    y: &mut [E],
) {
    check(batch, in_features, out_features, x, weight, y);
    match bias {
        Some(bias) => {
            assert_eq!(bias.len(), out_features);
            y.chunks_exact_mut(out_features.max(1)).for_each(|y| y.copy_from_slice(bias));
        }
        None => y.fill(E::zero()),
    }
    let x = Matrix { data: x, row: in_features, column: 1 };
    let wt = Matrix { data: weight, row: 1, column: in_features };
    add_product([batch, in_features, out_features], x, wt, y);
}

/// `gx += gy · w`.
pub fn backward_input<E: Element>(
    batch: usize,
    in_features: usize,
    out_features: usize,
    weight: &[E],
    gy: &[E],
    gx: &mut [E],
) {
    check(batch, in_features, out_features, gx, weight, gy);
    let gy = Matrix { data: gy, row: out_features, column: 1 };
    let w = Matrix { data: weight, row: in_features, column: 1 };
    add_product([batch, out_features, in_features], gy, w, gx);
}

/// `gw += gyᵀ · x`.
pub fn backward_weight<E: Element>(
    batch: usize,
    in_features: usize,
    out_features: usize,
    x: &[E],
    gy: &[E],
    gw: &mut [E],
) {
    check(batch, in_features, out_features, x, gw, gy);
    let gyt = Matrix { data: gy, row: 1, column: out_features };
    let x = Matrix { data: x, row: in_features, column: 1 };
    add_product([out_features, batch, in_features], gyt, x, gw);
}

/// `gb += ` the sum of `gy` over the batch.
pub fn backward_bias<E: Element>(batch: usize, out_features: usize, gy: &[E], gb: &mut [E]) {
    assert_eq!(gy.len(), batch * out_features);
    assert_eq!(gb.len(), out_features);
    for gy in gy.chunks_exact(out_features.max(1)) {
        gb.iter_mut().zip(gy).for_each(|(gb, &gy)| *gb += gy);
    }
}

fn check<E>(batch: usize, inputs: usize, outputs: usize, x: &[E], w: &[E], y: &[E]) {
    assert_eq!(x.len(), batch * inputs);
    assert_eq!(w.len(), outputs * inputs);
    assert_eq!(y.len(), batch * outputs);
}

/// A matrix in a slice, by the distances between its rows and between its columns.
struct Matrix<'a, E> {
    data: &'a [E],
    row: usize,
    column: usize,
}

/// `c += a · b` with `a` of `m × k`, `b` of `k × n` and a contiguous `c` of `m × n`.
fn add_product<E: Element>([m, k, n]: [usize; 3], a: Matrix<E>, b: Matrix<E>, c: &mut [E]) {
    if m * k * n == 0 {
        return;
    }
    assert!(a.data.len() > (m - 1) * a.row + (k - 1) * a.column);
    assert!(b.data.len() > (k - 1) * b.row + (n - 1) * b.column);
    assert_eq!(c.len(), m * n);
    // SAFETY: the last element of each matrix lies inside its slice, as just asserted, and all
    // strides are non-negative; `c` is borrowed mutably, so it overlaps neither `a` nor `b`.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            1,
            n as isize,
            true,
            a.data.as_ptr(),
            a.column as isize,
            a.row as isize,
            b.data.as_ptr(),
            b.column as isize,
            b.row as isize,
            E::one(),
            E::one(),
            false,
            false,
            false,
            gemm_parallelism(m * n * k),
        );
    }
}
