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
use super::tap_vectors;
use super::weights::{Convolution, Weights};
use crate::kernels::Element;
use crate::kernels::parallel::pieces;
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, Op, Simd, dispatch};

/// `gx += …`.
pub fn backward<E: Element>(isa: Isa, op: &Conv2dOp, weight: &[E], gy: &[E], gx: &mut [E]) {
    let g = &Geometry::new(op);
    let columns = phases(g, 1);
    for rows in &phases(g, 0) {
        if g.stride == [1, 1] {
            phase(isa, g, [rows, &columns[0]], weight, gy, true, gx);
            continue;
        }
        // All columns of these rows, phase by phase, before they are put side by side.
        let planes = g.batch * g.groups * g.channels;
        let lens = columns.iter().map(|columns| planes * rows.len * columns.len);
        scratch(lens.sum(), |mut parts: &mut [E]| {
            let mut of_phases = Vec::with_capacity(columns.len());
            for columns in &columns {
                let (part, rest) = parts.split_at_mut(planes * rows.len * columns.len);
                phase(isa, g, [rows, columns], weight, gy, false, part);
                of_phases.push(&*part);
                parts = rest;
            }
            let (columns, parts) = (&columns, &of_phases);
            pieces(gx.len(), gx, g.input_pixels(), |plane, gx| {
                dispatch(isa, Interleave { g, rows, columns, parts, plane, gx });
            });
        });
    }
}

/// Adds what the phases of the columns give to the rows of a phase, in one plane.
struct Interleave<'a, E> {
    g: &'a Geometry,
    rows: &'a Phase,
    columns: &'a [Phase],
    /// For each phase of the columns.
    parts: &'a [&'a [E]],
    plane: usize,
    gx: &'a mut [E],
}

impl<E: Element> Op<E> for Interleave<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Interleave { g, rows, columns, parts, plane, gx } = self;
        let (width, stride) = (g.input[1], g.stride);
        let lines = gx.chunks_exact_mut(width).skip(rows.first).step_by(stride[0]);
        for (i, gx) in lines.enumerate() {
            let row = plane * rows.len + i;
            if let ([a, b], 2) = (columns, stride[1]) {
                let (a, b) = (&parts[0][row * a.len..][..a.len], &parts[1][row * b.len..][..b.len]);
                match columns[0].first {
                    0 => add_interleaved(s, a, b, gx),
                    _ => add_interleaved(s, b, a, gx),
                }
                continue;
            }
            for (columns, part) in columns.iter().zip(parts) {
                let part = &part[row * columns.len..][..columns.len];
                let gx = gx.iter_mut().skip(columns.first).step_by(stride[1]);
                gx.zip(part).for_each(|(gx, &part)| *gx += part);
            }
        }
    }
}

/// `to += even[0], odd[0], even[1], …`.
#[inline(always)]
fn add_interleaved<S: Simd>(s: S, even: &[S::E], odd: &[S::E], to: &mut [S::E]) {
    assert!(even.len() + odd.len() == to.len() && even.len() - odd.len() <= 1);
    for at in (0..even.len()).step_by(S::LANES) {
        let (a, b) = (S::LANES.min(even.len() - at), S::LANES.min(odd.len() - at));
        let (low, high) = ((a + b).min(S::LANES), (a + b).saturating_sub(S::LANES));
        // SAFETY: so many numbers from `at` on are left in each slice, and `a + b` from
        // `2 · at` on in `to`.
        unsafe {
            let (even, odd) = (even.as_ptr().add(at), odd.as_ptr().add(at));
            let sums = s.zip(s.load_first(even, a), s.load_first(odd, b));
            let to = to.as_mut_ptr().add(2 * at);
            s.store_first(to, s.add(s.load_first(to, low), sums.0), low);
            if high > 0 {
                let to = to.add(S::LANES);
                s.store_first(to, s.add(s.load_first(to, high), sums.1), high);
            }
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

/// The pixels of a phase, packed, or added to those that are all of it.
fn phase<E: Element>(
    isa: Isa,
    g: &Geometry,
    [rows, columns]: [&Phase; 2],
    weight: &[E],
    gy: &[E],
    add: bool,
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
    let end = if add { End::ADD } else { End::OVERWRITE };
    let turned = Convolution { g: &conv, x: gy, weight: &turned, bias: None, end };
    if tap_vectors::suits::<E>(isa, &conv) {
        tap_vectors::run(isa, &turned, gx);
    } else {
        convolve(isa, &turned, gx);
    }
}
