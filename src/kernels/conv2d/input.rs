//! The gradient of the input, which is the transposed convolution of the output's gradient.
//!
//! With stride 1 that is a convolution. With a stride it falls into phases (see
//! [`super::phases`]), which [`channel_vectors`] makes all at once; where there are too few
//! channels for that, each is a convolution of its own.

use super::choice::{CHANNEL_VECTORS, convolve};
use super::end::End;
use super::geometry::Geometry;
use super::phases::{Phase, phases};
use super::weights::{Convolution, Operands, Weights};
use super::{Conv2dOp, channel_vectors, tap_vectors};
use crate::kernels::Element;
use crate::kernels::parallel::pieces;
use crate::kernels::scratch::scratch;
use crate::kernels::simd::{Isa, Op, Simd, dispatch};

/// `gx = convᵀ(gy, w) + b`, or added to what is in `gx`.
pub fn transposed<E: Element>(
    isa: Isa,
    op: &Conv2dOp,
    (gy, weight, bias): (&[E], &[E], Option<&[E]>),
    end: End<E>,
    gx: &mut [E],
) {
    let g = &Geometry::new(op);
    if g.stride == [1, 1] {
        let [rows, columns] = [&phases(g, 0)[0], &phases(g, 1)[0]];
        return phase(isa, g, [rows, columns], (gy, weight, bias), end, gx);
    }
    if g.channels < CHANNEL_VECTORS {
        return by_phases(isa, g, (gy, weight, bias), end, gx);
    }
    let plan = channel_vectors::Plan::transposed::<E>(isa, g);
    scratch(plan.weight_len(), |packed| {
        plan.pack(&turned(g, weight, (0..g.taps()).collect()), packed);
        plan.run(Operands { x: gy, weight: packed, bias, end }, gx);
    });
}

/// Every phase as a convolution.
fn by_phases<E: Element>(
    isa: Isa,
    g: &Geometry,
    (gy, weight, bias): (&[E], &[E], Option<&[E]>),
    end: End<E>,
    gx: &mut [E],
) {
    assert!(end.clamp.is_none());
    if !end.add {
        gx.fill(E::zero());
    }
    if let Some(bias) = bias {
        pieces(gx.len(), gx, g.input_pixels(), |i, gx| {
            let bias = bias[i % bias.len()];
            gx.iter_mut().for_each(|gx| *gx += bias);
        });
    }
    let [rows, columns] = [0, 1].map(|axis| {
        let mut phases = phases(g, axis);
        phases.retain(|phase| phase.len > 0 && !phase.taps.is_empty());
        phases
    });
    for rows in &rows {
        // All columns of these rows, phase by phase, before they are put side by side.
        let planes = g.batch * g.groups * g.channels;
        let lens = columns.iter().map(|columns| planes * rows.len * columns.len);
        scratch(lens.sum(), |mut parts: &mut [E]| {
            let mut of_phases = Vec::with_capacity(columns.len());
            for columns in &columns {
                let (part, rest) = parts.split_at_mut(planes * rows.len * columns.len);
                let operands = (gy, weight, None);
                phase(isa, g, [rows, columns], operands, End::OVERWRITE, part);
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

/// The pixels of a phase, side by side.
fn phase<E: Element>(
    isa: Isa,
    g: &Geometry,
    [rows, columns]: [&Phase; 2],
    (gy, weight, bias): (&[E], &[E], Option<&[E]>),
    end: End<E>,
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
    let taps = rows.taps.iter().flat_map(|&ky| row_of_taps(ky));
    let weight = &turned(g, weight, taps.collect());
    let turned = &Convolution { g: &conv, x: gy, weight, bias, end };
    if bias.is_none() && tap_vectors::suits::<E>(isa, &conv) {
        tap_vectors::run(isa, turned, gx);
    } else {
        convolve(isa, turned, gx);
    }
}

/// The weight of a convolution with inputs and outputs exchanged, and these of its taps.
fn turned<'a, E>(g: &Geometry, data: &'a [E], taps: Vec<usize>) -> Weights<'a, E> {
    let group = g.outputs * g.products();
    Weights { data, group, output: g.taps(), channel: g.products(), taps }
}
