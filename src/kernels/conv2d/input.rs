//! The gradient of the input, as convolutions of the output's gradient.
//!
//! Along one axis, `gx[i] = Σ w[k] · gy[(i + padding - k · dilation) / stride]` over the taps `k`
//! for which the division has no rest. Pixels with the same `(i + padding) % stride` use the same
//! taps, and neighbours among them read neighbours of `gy`: so each such phase is a convolution
//! of stride 1 with some of the taps, turned round. With stride 1 there is one phase, of all.

use super::Conv2dOp;
use super::choice::convolve;
use super::end::End;
use super::geometry::Geometry;
use super::weights::{Convolution, Weights};
use crate::kernels::Element;
use crate::kernels::parallel::pieces;
use crate::kernels::scratch::scratch;
use crate::kernels::simd::Isa;

/// `gx += …`.
pub fn backward<E: Element>(isa: Isa, op: &Conv2dOp, weight: &[E], gy: &[E], gx: &mut [E]) {
    let g = Geometry::new(op);
    for rows in phases(&g, 0) {
        for columns in &phases(&g, 1) {
            phase(isa, &g, [&rows, columns], weight, gy, gx);
        }
    }
}

/// Pixels `first, first + stride, …` along one axis, and the taps that reach them.
struct Phase {
    first: usize,
    /// How many pixels.
    len: usize,
    /// From the last to the first: the convolution turns the kernel round.
    taps: Vec<usize>,
    dilation: usize,
    padding: isize,
}

/// The phases along an axis that any tap reaches.
fn phases(g: &Geometry, axis: usize) -> Vec<Phase> {
    let (stride, dilation) = (g.stride[axis], g.dilation[axis]);
    let phase = |rest: usize| {
        let taps = (0..g.kernel[axis]).rev().filter(|k| k * dilation % stride == rest);
        let taps: Vec<usize> = taps.collect();
        let first = (rest as isize - g.padding[axis]).rem_euclid(stride as isize) as usize;
        let len = g.input[axis].saturating_sub(first).div_ceil(stride);
        if len == 0 || taps.is_empty() {
            return None;
        }
        let distance = taps.windows(2).next().map_or(1, |pair| pair[0] - pair[1]);
        // Where in `gy` the first pixel meets the last tap: the first one that is read.
        let start = first as isize + g.padding[axis] - (taps[0] * dilation) as isize;
        Some(Phase {
            first,
            len,
            dilation: distance * dilation / stride,
            padding: -(start / stride as isize),
            taps,
        })
    };
    (0..stride).filter_map(phase).collect()
}

fn phase<E: Element>(
    isa: Isa,
    g: &Geometry,
    [rows, columns]: [&Phase; 2],
    weight: &[E],
    gy: &[E],
    gx: &mut [E],
) {
    let conv = Geometry {
        channels: g.outputs,
        outputs: g.channels,
        input: g.output,
        output: [rows.len, columns.len],
        kernel: [rows.taps.len(), columns.taps.len()],
        stride: [1, 1],
        dilation: [rows.dilation, columns.dilation],
        padding: [rows.padding, columns.padding],
        ..*g
    };
    let row_of_taps = |ky: usize| columns.taps.iter().map(move |kx| ky * g.kernel[1] + kx);
    let turned = Weights {
        data: weight,
        group: g.outputs * g.products(),
        output: g.taps(),
        channel: g.products(),
        taps: rows.taps.iter().flat_map(|&ky| row_of_taps(ky)).collect(),
    };
    if g.stride == [1, 1] {
        let turned = Convolution { g: &conv, x: gy, weight: &turned, bias: None, end: End::ADD };
        return convolve(isa, &turned, gx);
    }
    scratch(conv.output_len(), |part: &mut [E]| {
        let turned =
            Convolution { g: &conv, x: gy, weight: &turned, bias: None, end: End::OVERWRITE };
        convolve(isa, &turned, part);
        let (pixels, len) = (g.input_pixels(), conv.output_pixels());
        pieces(gx.len(), gx, pixels, |plane, gx| {
            let part = part[plane * len..][..len].chunks_exact(columns.len);
            let lines = gx.chunks_exact_mut(g.input[1]).skip(rows.first).step_by(g.stride[0]);
            for (gx, part) in lines.zip(part) {
                let gx = gx.iter_mut().skip(columns.first).step_by(g.stride[1]);
                gx.zip(part).for_each(|(gx, &part)| *gx += part);
            }
        });
    });
}
