//! Products with a weight that is transposed in panels: some vectors of outputs, input by input.
//!
//! A tile is some rows of `x` by a panel, and its sums stay in registers: each number of `x` is
//! broadcast, and the panel is read from one end to the other.

#![allow(
    clippy::needless_range_loop,
    reason = "kernels go through several arrays by one index, in loops that must unroll"
)]

use super::Element;
use super::dots::max_columns;
use super::parallel::{Shared, tasks, threads};
use super::scratch::scratch;
use super::simd::{Isa, MAX_LANES, Op, Simd, dispatch};
use std::ops::Range;

/// So many inputs at a time: those of a panel stay in the second cache.
const DEPTH: usize = 1024;

/// The rows of a tile with which a panel has as many vectors as any.
const ROWS: usize = 6;

/// How the weight of so many inputs and outputs, `[output][input]`, is cut into panels.
#[derive(Clone, Copy)]
pub struct Panels {
    isa: Isa,
    inputs: usize,
    outputs: usize,
    lanes: usize,
    /// Vectors of a panel.
    vectors: usize,
    /// Rows of a tile, at most.
    rows: usize,
}

/// The weight, as it is or as [`Panels::pack`] leaves it.
#[derive(Clone, Copy)]
pub enum Weight<'a, E> {
    Plain(&'a [E]),
    Packed(&'a [E]),
}

impl Panels {
    pub fn new<E: Element>(isa: Isa, inputs: usize, outputs: usize) -> Panels {
        let limits = isa.limits::<E>();
        let all = outputs.div_ceil(limits.lanes).max(1);
        // Panels as even as possible.
        let vectors = all.div_ceil(all.div_ceil(max_columns(ROWS.min(limits.rows), limits.sums)));
        let rows = (limits.sums / vectors).min(limits.rows);
        Panels { isa, inputs, outputs, lanes: limits.lanes, vectors, rows }
    }

    /// Numbers in the packed weight.
    pub fn packed_len(&self) -> usize {
        self.outputs.next_multiple_of(self.width()) * self.inputs
    }

    /// Outputs of a panel.
    fn width(&self) -> usize {
        self.vectors * self.lanes
    }

    /// Packs the weight as `[panel][input][output]`; outputs that the last panel has too many are
    /// 0.
    pub fn pack<E: Element>(&self, weight: &[E], packed: &mut [E]) {
        assert!(weight.len() == self.inputs * self.outputs && packed.len() == self.packed_len());
        if self.inputs == 0 {
            return;
        }
        let panels = packed.chunks_exact_mut(self.width() * self.inputs);
        for (panel, out) in panels.enumerate() {
            let inputs = 0..self.inputs;
            dispatch(self.isa, Pack { panels: self, weight, panel, inputs, out });
        }
    }

    /// `y = x · wᵀ + b`; overwrites `y`, of at least one row.
    pub fn run<E: Element>(
        &self,
        batch: usize,
        x: &[E],
        weight: Weight<E>,
        bias: Option<&[E]>,
        y: &mut [E],
    ) {
        let len = match weight {
            Weight::Plain(_) => self.inputs * self.outputs,
            Weight::Packed(_) => self.packed_len(),
        };
        let (Weight::Plain(numbers) | Weight::Packed(numbers)) = weight;
        assert!(numbers.len() == len && bias.is_none_or(|bias| bias.len() == self.outputs));
        assert!(x.len() == batch * self.inputs && y.len() == batch * self.outputs);
        let threads = threads(batch * len);
        let y = Shared::new(y);
        tasks(threads, self.outputs.div_ceil(self.width()), |panel| {
            let len = match weight {
                Weight::Plain(_) => self.inputs.min(DEPTH) * self.width(),
                Weight::Packed(_) => 0,
            };
            scratch(len, |buffer| {
                let task = Task { panels: self, batch, x, weight, bias, y, panel, buffer };
                dispatch(self.isa, task);
            });
        });
    }
}

/// Some inputs of a panel, packed.
struct Pack<'a, E> {
    panels: &'a Panels,
    weight: &'a [E],
    panel: usize,
    inputs: Range<usize>,
    out: &'a mut [E],
}

impl<E: Element> Op<E> for Pack<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Pack { panels, weight, panel, inputs, out } = self;
        let width = panels.width();
        assert!(out.len() >= inputs.len() * width);
        for v in (0..width).step_by(S::LANES) {
            let first = panel * width + v;
            let outputs = S::LANES.min(panels.outputs.saturating_sub(first));
            for k in (0..inputs.len()).step_by(S::LANES) {
                let n = S::LANES.min(inputs.len() - k);
                let mut block = [s.zero(); MAX_LANES];
                for i in 0..S::LANES {
                    if i < outputs {
                        let row = &weight[(first + i) * panels.inputs..][inputs.clone()];
                        // SAFETY: `n` inputs are left in the row.
                        block[i] = unsafe { s.load_first(row.as_ptr().add(k), n) };
                    }
                }
                let block = s.transpose(block);
                for i in 0..S::LANES {
                    if i < n {
                        // SAFETY: `out` has `width` outputs for each input, as asserted.
                        unsafe { s.store(out.as_mut_ptr().add((k + i) * width + v), block[i]) };
                    }
                }
            }
        }
    }
}

struct Task<'a, E> {
    panels: &'a Panels,
    batch: usize,
    x: &'a [E],
    weight: Weight<'a, E>,
    bias: Option<&'a [E]>,
    y: Shared<E>,
    panel: usize,
    buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Task<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Task { panels, batch, x, weight, bias, y, panel, buffer } = self;
        let (width, inputs) = (panels.width(), panels.inputs);
        let first = panel * width;
        // Tiles as even as possible.
        let rows = batch.div_ceil(batch.div_ceil(panels.rows));
        let mut start = 0;
        loop {
            let depth = DEPTH.min(inputs - start);
            let packed = match weight {
                Weight::Plain(weight) => {
                    let inputs = start..start + depth;
                    Pack { panels, weight, panel, inputs, out: buffer }.run(s);
                    &*buffer
                }
                Weight::Packed(packed) => &packed[(panel * inputs + start) * width..],
            };
            for row in (0..batch).step_by(rows) {
                let tile = Tile {
                    x: &x[row * inputs + start..],
                    stride: inputs,
                    rows: rows.min(batch - row),
                    depth,
                    packed,
                    bias: bias.map(|bias| &bias[first..]),
                    add: start > 0,
                    outputs: width.min(panels.outputs - first),
                    line: panels.outputs,
                };
                // SAFETY: the rows' outputs of this panel, which are this task's alone.
                unsafe { tile.run(s, panels.vectors, y.at(row * panels.outputs + first)) };
            }
            start += depth;
            if start == inputs {
                return;
            }
        }
    }
}

struct Tile<'a, E> {
    /// From the tile's first row on; the next one is `stride` behind it.
    x: &'a [E],
    stride: usize,
    rows: usize,
    /// How many inputs.
    depth: usize,
    packed: &'a [E],
    /// Of the panel's first output and those behind it.
    bias: Option<&'a [E]>,
    /// Add to what is in `y`, which has the bias already.
    add: bool,
    /// Outputs of the panel, and of all panels: the distance between rows of `y`.
    outputs: usize,
    line: usize,
}

impl<E: Element> Tile<'_, E> {
    /// # Safety
    /// `y` has place for the outputs of all rows, and they are nobody else's.
    #[inline(always)]
    unsafe fn run<S: Simd<E = E>>(&self, s: S, vectors: usize, y: *mut E) {
        // SAFETY: handed on.
        unsafe {
            match vectors {
                1 => self.by_rows::<S, 1>(s, y),
                2 => self.by_rows::<S, 2>(s, y),
                3 if S::SUMS >= 16 => self.by_rows::<S, 3>(s, y),
                4 if S::SUMS >= 16 => self.by_rows::<S, 4>(s, y),
                _ => unreachable!("no such panel"),
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn by_rows<S: Simd<E = E>, const V: usize>(&self, s: S, y: *mut E) {
        // SAFETY: handed on.
        unsafe {
            match self.rows {
                1 => self.kernel::<S, 1, V>(s, y),
                2 => self.kernel::<S, 2, V>(s, y),
                3 => self.kernel::<S, 3, V>(s, y),
                4 => self.kernel::<S, 4, V>(s, y),
                5 if S::ROWS >= 6 => self.kernel::<S, 5, V>(s, y),
                6 if S::ROWS >= 6 => self.kernel::<S, 6, V>(s, y),
                7 | 8 if S::ROWS >= 8 && V <= 3 => self.kernel::<S, 8, V>(s, y),
                _ => unreachable!("a tile has at most {} rows", S::ROWS),
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn kernel<S: Simd<E = E>, const R: usize, const V: usize>(&self, s: S, y: *mut E) {
        assert!(0 < self.rows && self.rows <= R && self.outputs <= V * S::LANES);
        assert!(self.x.len() >= (self.rows - 1) * self.stride + self.depth);
        assert!(self.packed.len() >= self.depth * V * S::LANES);
        // A row that the kernel has too many is the last one once more.
        let mut x = [self.x.as_ptr(); R];
        for i in 0..R {
            x[i] = self.x[i.min(self.rows - 1) * self.stride..].as_ptr();
        }
        let mut sums = [[s.zero(); V]; R];
        for k in 0..self.depth {
            // SAFETY: `depth` numbers of each row and vectors of the panel, as asserted.
            unsafe {
                let mut w = [s.zero(); V];
                for j in 0..V {
                    w[j] = s.load(self.packed.as_ptr().add((k * V + j) * S::LANES));
                }
                for i in 0..R {
                    let x = s.splat(*x[i].add(k));
                    for j in 0..V {
                        sums[i][j] = s.fma(x, w[j], sums[i][j]);
                    }
                }
            }
        }
        for j in 0..V {
            let n = self.outputs.saturating_sub(j * S::LANES).min(S::LANES);
            if n == 0 {
                continue;
            }
            let bias = match self.bias {
                // SAFETY: `n` outputs from there on are the panel's.
                Some(bias) if !self.add => unsafe {
                    s.load_first(bias[j * S::LANES..][..n].as_ptr(), n)
                },
                _ => s.zero(),
            };
            for i in 0..R {
                if i < self.rows {
                    // SAFETY: `n` outputs of the row, by the caller's promise.
                    unsafe {
                        let to = y.add(i * self.line + j * S::LANES);
                        let start = if self.add { s.load_first(to, n) } else { bias };
                        s.store_first(to, s.add(sums[i][j], start), n);
                    }
                }
            }
        }
    }
}
