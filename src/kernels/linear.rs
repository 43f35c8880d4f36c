//! The fully connected layer: `y = x · wᵀ + b`.
//!
//! `x` is `(batch, in_features)`, `w` is `(out_features, in_features)` and `y` is
//! `(batch, out_features)`, as in
//! [PyTorch](https://pytorch.org/docs/stable/generated/torch.nn.Linear.html).

use super::Element;
use super::dots::{Tile, max_columns, sum_lanes};
use super::panels::{Panels, Weight};
use super::parallel::{Shared, tasks, threads};
use super::product::Product;
use super::scratch::{Kept, scratch};
use super::simd::{Isa, Limits, MAX_LANES, Op, Simd, dispatch};

/// Up to so many rows of `x`, dot products with the rows of `w` as they lie are faster than
/// transposing it first.
const SMALL_BATCH: usize = 8;

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
    if let Some(bias) = bias {
        assert_eq!(bias.len(), out_features);
    }
    if y.is_empty() {
        return;
    }
    if batch <= SMALL_BATCH {
        let small = SmallBatch { batch, in_features, out_features, x, weight, bias };
        return small_batch(Isa::best(), &small, y);
    }
    let panels = Panels::new::<E>(Isa::best(), in_features, out_features);
    panels.run(batch, x, Weight::Plain(weight), bias, y);
}

/// A layer whose weight no longer changes: it is packed once.
pub struct Prepared<E> {
    panels: Panels,
    packed: Kept<E>,
    bias: Option<Vec<E>>,
}

impl<E: Element> Prepared<E> {
    /// Packs the weight of a layer.
    pub fn new(in_features: usize, out_features: usize, weight: &[E], bias: Option<&[E]>) -> Self {
        let panels = Panels::new::<E>(Isa::best(), in_features, out_features);
        let mut packed = Kept::new(panels.packed_len());
        panels.pack(weight, &mut packed);
        Prepared { panels, packed, bias: bias.map(<[E]>::to_vec) }
    }

    /// `y = x · wᵀ + b`; overwrites `y`.
    pub fn run(&self, batch: usize, x: &[E], y: &mut [E]) {
        if !y.is_empty() {
            self.panels.run(batch, x, Weight::Packed(&self.packed), self.bias.as_deref(), y);
        }
    }
}

/// `gx = gy · w`; overwrites `gx`.
pub fn backward_input<E: Element>(
    batch: usize,
    in_features: usize,
    out_features: usize,
    weight: &[E],
    gy: &[E],
    gx: &mut [E],
) {
    check(batch, in_features, out_features, gx, weight, gy);
    gx.fill(E::zero());
    let size = [batch, out_features, in_features];
    Product { size, a: gy, strides: [out_features, 1], b: weight }.add_to(gx);
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
    let size = [out_features, batch, in_features];
    Product { size, a: gy, strides: [1, out_features], b: x }.add_to(gw);
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

/// [`forward`] for few rows of `x`.
struct SmallBatch<'a, E> {
    batch: usize,
    in_features: usize,
    out_features: usize,
    x: &'a [E],
    weight: &'a [E],
    bias: Option<&'a [E]>,
}

/// `y = x · wᵀ + b`.
fn small_batch<E: Element>(isa: Isa, op: &SmallBatch<E>, y: &mut [E]) {
    assert!(u32::try_from(op.x.len()).is_ok());
    let threads = threads(op.batch * op.in_features * op.out_features);
    let limits = isa.limits::<E>();
    // Output features of a task: whole tiles, and twice as many tasks as threads.
    let tasks_wanted = if threads == 1 { 1 } else { 2 * threads };
    let rows = tile_rows(op.batch, limits);
    let share = op.out_features.div_ceil(tasks_wanted).next_multiple_of(rows);
    let y = Shared::new(y);
    tasks(threads, op.out_features.div_ceil(share), |t| {
        let len = rows * op.batch;
        scratch(len * (limits.lanes + 1) + MAX_LANES, |buffer| {
            let first = t * share;
            let end = op.out_features.min(first + share);
            dispatch(isa, Outputs { op, rows, first, end, y, buffer });
        });
    });
}

/// Output features of a tile: a few less than possible, if tiles of four columns then divide
/// the batch.
fn tile_rows(batch: usize, limits: Limits) -> usize {
    match batch.is_multiple_of(4) {
        true => limits.rows.min(6),
        false => limits.rows,
    }
}

/// The output features `first..end`.
struct Outputs<'a, E> {
    op: &'a SmallBatch<'a, E>,
    /// Features of a tile.
    rows: usize,
    first: usize,
    end: usize,
    y: Shared<E>,
    buffer: &'a mut [E],
}

impl<E: Element> Op<E> for Outputs<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Outputs { op, rows: most, first, end, y, buffer } = self;
        let (lanes, sums) = buffer.split_at_mut(most * op.batch * S::LANES);
        let mut places = [0; SMALL_BATCH];
        for (row, place) in places.iter_mut().enumerate() {
            *place = (row * op.in_features) as u32;
        }
        let places = &places[..op.batch];
        for first in (first..end).step_by(most) {
            let rows = most.min(end - first);
            let columns = max_columns(rows, S::SUMS);
            lanes.fill(E::zero());
            for (i, places) in places.chunks(columns).enumerate() {
                let tile = Tile {
                    rows: &op.weight[first * op.in_features..],
                    row: op.in_features,
                    count: rows,
                    columns: op.x,
                    places,
                    lines: [1, op.in_features],
                    next: [0, 0],
                    lanes: &mut lanes[i * columns * S::LANES..],
                    stride: op.batch * S::LANES,
                };
                // SAFETY: `in_features` numbers from each row of `x` on are in `x`.
                unsafe { tile.run(s) };
            }
            sum_lanes(s, lanes, sums);
            for i in 0..rows {
                let bias = op.bias.map_or(E::zero(), |bias| bias[first + i]);
                for n in 0..op.batch {
                    let sum = sums[i * op.batch + n] + bias;
                    // SAFETY: inside `y`, and this task alone has this feature.
                    unsafe { *y.at(n * op.out_features + first + i) = sum };
                }
            }
        }
    }
}
