//! Rows of the input as the pools read them: padded, and split by the phases of the stride, so
//! that a tap of neighbouring windows reads neighbouring numbers.

use super::Pool2dOp;
use crate::kernels::Element;

/// Windows at a time. Rows are processed in whole blocks, of which the compiler makes vectors.
pub const BLOCK: usize = 16;

/// The layout of a row's copy.
pub struct Lines {
    stride: usize,
    input: usize,
    padding: usize,
    /// Output windows in whole blocks.
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
        let windows = op.output[1].next_multiple_of(BLOCK);
        let len = windows + reach / stride;
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
        Lines { stride, input: op.input[1], padding, windows, taps, phases, len }
    }

    /// Numbers in the copy of a row.
    pub fn len(&self) -> usize {
        self.phases.len() * self.len
    }

    /// Copies a row, with `outside` for what is not in it.
    #[inline(always)]
    pub fn fill<E: Element>(&self, row: &[E], outside: E, out: &mut [E]) {
        for (&phase, out) in self.phases.iter().zip(out.chunks_exact_mut(self.len)) {
            // Number `i` of the line is pixel `i · stride + phase - padding`.
            let first = self.padding.saturating_sub(phase).div_ceil(self.stride).min(self.len);
            let end = (self.input + self.padding).saturating_sub(phase).div_ceil(self.stride);
            let end = end.clamp(first, self.len);
            out[..first].fill(outside);
            out[end..].fill(outside);
            if first < end {
                let row = &row[first * self.stride + phase - self.padding..];
                let out = &mut out[first..end];
                match self.stride {
                    1 => out.copy_from_slice(&row[..out.len()]),
                    2 => {
                        // The last pixel may have none beside it.
                        let (last, out) = out.split_last_mut().expect("not empty");
                        *last = row[2 * out.len()];
                        out.iter_mut().zip(row.as_chunks::<2>().0).for_each(|(o, x)| *o = x[0]);
                    }
                    stride => {
                        out.iter_mut().zip(row.iter().step_by(stride)).for_each(|(o, &x)| *o = x);
                    }
                }
            }
        }
    }
}
