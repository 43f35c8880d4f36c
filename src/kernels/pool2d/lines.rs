//! Rows of the input as the pools read them: padded, and split by the phases of the stride, so
//! that a tap of neighbouring windows reads neighbouring numbers.

use super::Pool2dOp;
use crate::kernels::simd::{MAX_LANES, Simd};

/// The layout of a row's copy.
pub struct Lines {
    stride: usize,
    padding: usize,
    /// Output windows in whole vectors.
    pub windows: usize,
    /// Place in the copy of each tap of the first window.
    pub taps: Vec<usize>,
    /// Remainder of the taps' places by the stride, for each line.
    phases: Vec<usize>,
    /// Length of a line.
    len: usize,
}

impl Lines {
    pub fn new(op: &Pool2dOp) -> Lines {
        let (stride, reach) = (op.stride[1], (op.kernel[1] - 1) * op.dilation[1]);
        let windows = op.output[1].next_multiple_of(MAX_LANES);
        let len = (windows + reach / stride).next_multiple_of(MAX_LANES);
        let mut phases = Vec::new();
        let place = |tap: usize| {
            let at = tap * op.dilation[1];
            let known = phases.iter().position(|&phase| phase == at % stride);
            let line = known.unwrap_or_else(|| {
                phases.push(at % stride);
                phases.len() - 1
            });
            line * len + at / stride
        };
        let taps = (0..op.kernel[1]).map(place).collect();
        let padding = op.padding[1][0];
        Lines { stride, padding, windows, taps, phases, len }
    }

    /// Numbers in the copy of a row: the lines and the padded row itself.
    pub fn len(&self) -> usize {
        (self.phases.len() + self.stride) * self.len
    }

    /// Copies a row, with `outside` for what is not in it.
    #[inline(always)]
    pub fn fill<S: Simd>(&self, s: S, row: &[S::E], outside: S::E, out: &mut [S::E]) {
        let (lines, padded) = out.split_at_mut(self.phases.len() * self.len);
        let padded = &mut padded[..self.stride * self.len];
        let to = if self.stride == 1 { &mut *lines } else { &mut *padded };
        let first = self.padding.min(to.len());
        let end = (self.padding + row.len()).min(to.len());
        to[..first].fill(outside);
        to[first..end].copy_from_slice(&row[..end - first]);
        to[end..].fill(outside);
        match self.stride {
            1 => {}
            2 => {
                for i in (0..self.len).step_by(S::LANES) {
                    // SAFETY: lines are whole vectors long, the padded row twice as long, and
                    // the even phase, that of tap 0, is the first line.
                    unsafe {
                        let (a, b) = (padded.as_ptr().add(2 * i), lines.as_mut_ptr().add(i));
                        let (even, odd) = s.unzip(s.load(a), s.load(a.add(S::LANES)));
                        s.store(b, even);
                        if self.phases.len() == 2 {
                            s.store(b.add(self.len), odd);
                        }
                    }
                }
            }
            stride => {
                for (&phase, line) in self.phases.iter().zip(lines.chunks_exact_mut(self.len)) {
                    let pixels = padded[phase..].iter().step_by(stride);
                    line.iter_mut().zip(pixels).for_each(|(line, &pixel)| *line = pixel);
                }
            }
        }
    }
}
