//! Whether the algorithm pays, and with tiles of which size.

use super::super::geometry::Geometry;
use super::{FRESH_TILES, TAPS, Use};

/// Cost of a product in Winograd's domain, with the transforms of pixels that come with it, in
/// products of a plain convolution. Measured, like the others.
const PRODUCT: f64 = 1.3;

/// Cost of a point of a transformed weight, if the weight is used once. Transformed on the way
/// it costs less, but for the reading of the weight.
const WEIGHT: f64 = 32.0;
const FRESH_WEIGHT: f64 = 5.0;
const FRESH_READ: f64 = 175.0;

/// Cost of a point of a transformed weight that only has to be read.
const KEPT_WEIGHT: f64 = 2.0;

/// Cost of a weight packed for the other kernel.
const PACKED_WEIGHT: f64 = 25.0;

/// `M` for these sizes, if the algorithm is the faster one.
pub fn outputs_of_tile(g: &Geometry, lanes: usize, weight: Use) -> Option<usize> {
    let packed = if weight == Use::Once { PACKED_WEIGHT } else { 0.0 };
    let plain = ((g.batch * g.output_pixels()) as f64 + packed) * TAPS as f64;
    let cost = |m: usize| {
        let tiles = g.batch * g.output[0].div_ceil(m) * g.output[1].div_ceil(m);
        let (transformed, read) = match weight {
            Use::Once if tiles <= FRESH_TILES => (FRESH_WEIGHT, FRESH_READ),
            Use::Once => (WEIGHT, 0.0),
            Use::Kept => (KEPT_WEIGHT, 0.0),
        };
        let points = ((m + 2) * (m + 2)) as f64;
        points * (tiles.next_multiple_of(lanes) as f64 * PRODUCT + transformed) + read
    };
    let best = if cost(2) < cost(4) { 2 } else { 4 };
    (cost(best) < plain).then_some(best)
}
