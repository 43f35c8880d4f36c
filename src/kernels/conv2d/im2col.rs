//! Convolution as a product of matrices: the weight by the image laid out in columns.

use super::{Conv2dOp, Element};
use crate::kernels::parallel::gemm_parallelism;

pub(super) fn forward<E: Element>(
    op: &Conv2dOp,
    x: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    y: &mut [E],
) {
    let (m, k, n) = (op.out_channels / op.groups, op.products(), op.output_pixels());
    let mut columns = vec![E::zero(); k * n];
    for image in 0..op.batch {
        for group in 0..op.groups {
            each_pixel(op, image, group, |column, at| {
                columns[column] = at.map_or(E::zero(), |i| x[i])
            });
            let from = group * m;
            let y = &mut y[(image * op.out_channels + from) * n..][..m * n];
            for (o, y) in y.chunks_exact_mut(n.max(1)).enumerate() {
                y.fill(bias.map_or(E::zero(), |bias| bias[from + o]));
            }
            add_product([m, k, n], (&weight[from * k..][..m * k], k, 1), (&columns, n, 1), y);
        }
    }
}

pub(super) fn backward_input<E: Element>(op: &Conv2dOp, weight: &[E], gy: &[E], gx: &mut [E]) {
    let (m, k, n) = (op.out_channels / op.groups, op.products(), op.output_pixels());
    let mut columns = vec![E::zero(); k * n];
    for image in 0..op.batch {
        for group in 0..op.groups {
            let from = group * m;
            let gy = &gy[(image * op.out_channels + from) * n..][..m * n];
            columns.fill(E::zero());
            add_product([k, m, n], (&weight[from * k..][..m * k], 1, k), (gy, n, 1), &mut columns);
            each_pixel(op, image, group, |column, at| {
                if let Some(i) = at {
                    gx[i] += columns[column];
                }
            });
        }
    }
}

pub(super) fn backward_weight<E: Element>(op: &Conv2dOp, x: &[E], gy: &[E], gw: &mut [E]) {
    let (m, k, n) = (op.out_channels / op.groups, op.products(), op.output_pixels());
    let mut columns = vec![E::zero(); k * n];
    for image in 0..op.batch {
        for group in 0..op.groups {
            each_pixel(op, image, group, |column, at| {
                columns[column] = at.map_or(E::zero(), |i| x[i])
            });
            let from = group * m;
            let gy = &gy[(image * op.out_channels + from) * n..][..m * n];
            add_product([m, n, k], (gy, n, 1), (&columns, 1, n), &mut gw[from * k..][..m * k]);
        }
    }
}

/// Calls `f` with every place of the matrix of columns and the place of its pixel in the input.
fn each_pixel(op: &Conv2dOp, image: usize, group: usize, mut f: impl FnMut(usize, Option<usize>)) {
    let channels = op.in_channels / op.groups;
    let mut column = 0;
    for c in 0..channels {
        let plane = (image * op.in_channels + group * channels + c) * op.input[0] * op.input[1];
        for ky in 0..op.kernel[0] {
            for kx in 0..op.kernel[1] {
                for oy in 0..op.output[0] {
                    let iy = oy * op.stride[0] + ky * op.dilation[0];
                    let iy = iy.checked_sub(op.padding[0]).filter(|&i| i < op.input[0]);
                    for ox in 0..op.output[1] {
                        let ix = ox * op.stride[1] + kx * op.dilation[1];
                        let ix = ix.checked_sub(op.padding[1]).filter(|&i| i < op.input[1]);
                        f(column, iy.zip(ix).map(|(y, x)| plane + y * op.input[1] + x));
                        column += 1;
                    }
                }
            }
        }
    }
}

/// `c += a · b`; matrices with the distances between rows and between columns.
fn add_product<E: Element>(
    [m, k, n]: [usize; 3],
    a: (&[E], usize, usize),
    b: (&[E], usize, usize),
    c: &mut [E],
) {
    if m * k * n == 0 {
        return;
    }
    assert!(a.0.len() == m * k && b.0.len() == k * n && c.len() == m * n);
    // SAFETY: `a` and `b` are contiguous matrices of the asserted sizes, in one order or the
    // other, and `c` in rows; `c` is borrowed mutably, so it overlaps neither.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            1,
            n as isize,
            true,
            a.0.as_ptr(),
            a.2 as isize,
            a.1 as isize,
            b.0.as_ptr(),
            b.2 as isize,
            b.1 as isize,
            E::one(),
            E::one(),
            false,
            false,
            false,
            gemm_parallelism(m * n * k),
        );
    }
}
