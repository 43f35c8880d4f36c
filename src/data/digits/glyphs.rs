//! The shapes of the digits: knots in a box of 1 × 1, `x` to the right, `y` down.
//!
//! Laid out by hand, a stroke on as few lines as it needs.
use rand::Rng;

/// A point that a stroke passes; at a corner it may turn sharply.
#[derive(Clone, Copy)]
pub(super) struct Knot {
    pub x: f32,
    pub y: f32,
    pub corner: bool,
}

/// One way to write a digit: strokes, each without lifting the pen.
pub(super) type Glyph = &'static [&'static [Knot]];

/// A knot that the curve passes smoothly.
const fn k(x: f32, y: f32) -> Knot {
    Knot { x, y, corner: false }
}

/// A knot where the stroke turns sharply.
const fn c(x: f32, y: f32) -> Knot {
    Knot { x, y, corner: true }
}

/// Picks one of the styles of `digit` (0 to 9), the earlier ones more often.
pub(super) fn pick(digit: usize, rng: &mut impl Rng) -> Glyph {
    let styles = STYLES[digit];
    // The smaller of two draws leans to the front.
    let (a, b) = (rng.gen_range(0..styles.len()), rng.gen_range(0..styles.len()));
    styles[if rng.gen_bool(0.5) { a.min(b) } else { a }]
}

const STYLES: [&[Glyph]; 10] = [ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE];

const ZERO: &[Glyph] = &[
    // An oval from the top, anticlockwise.
    &[&[k(0.5, 0.0), k(0.2, 0.15), k(0.08, 0.5), k(0.2, 0.86), k(0.5, 1.0), k(0.8, 0.86),
         k(0.92, 0.5), k(0.8, 0.14), k(0.5, 0.0)]],
    // Begun at the right and overshot at the end.
    &[&[k(0.72, 0.06), k(0.4, 0.02), k(0.12, 0.3), k(0.1, 0.68), k(0.4, 1.0), k(0.78, 0.84),
         k(0.9, 0.45), k(0.74, 0.1), k(0.45, 0.05)]],
    // Egg-shaped, left a little open.
    &[&[k(0.45, 0.03), k(0.16, 0.25), k(0.1, 0.65), k(0.42, 0.98), k(0.8, 0.8),
         k(0.88, 0.4), k(0.66, 0.06)]],
];

const ONE: &[Glyph] = &[
    // A plain stroke.
    &[&[k(0.52, 0.0), k(0.5, 0.5), k(0.48, 1.0)]],
    // With a flag.
    &[&[c(0.25, 0.24), c(0.55, 0.0), k(0.54, 0.5), k(0.52, 1.0)]],
    // With a flag and a foot.
    &[&[c(0.28, 0.22), c(0.54, 0.0), k(0.53, 0.5), k(0.52, 0.98)],
      &[k(0.24, 1.0), k(0.52, 0.98), k(0.8, 0.99)]],
    // With a long upstroke, as Germans write it.
    &[&[c(0.12, 0.45), k(0.35, 0.25), c(0.62, 0.0), k(0.6, 0.5), k(0.58, 1.0)]],
];

const TWO: &[Glyph] = &[
    // A neck and a flat foot.
    &[&[k(0.12, 0.25), k(0.28, 0.04), k(0.62, 0.02), k(0.84, 0.24), k(0.72, 0.5),
         k(0.4, 0.76), c(0.1, 0.99), k(0.5, 0.97), k(0.92, 0.97)]],
    // With a loop at the foot.
    &[&[k(0.15, 0.2), k(0.4, 0.02), k(0.74, 0.1), k(0.78, 0.38), k(0.5, 0.72), k(0.2, 0.95),
         k(0.1, 0.84), k(0.28, 0.76), k(0.55, 0.9), k(0.78, 1.0), k(0.95, 0.9)]],
    // Round back, foot swung downwards.
    &[&[k(0.2, 0.12), k(0.5, 0.0), k(0.8, 0.16), k(0.78, 0.44), k(0.5, 0.72), c(0.14, 0.92),
         k(0.4, 0.88), k(0.66, 0.98), k(0.92, 0.96)]],
    // Angular, nearly a Z with a bent top.
    &[&[k(0.12, 0.14), k(0.45, 0.0), k(0.8, 0.1), k(0.76, 0.34), c(0.12, 0.98), c(0.9, 0.98)]],
];

const THREE: &[Glyph] = &[
    // Two bows that meet in a point.
    &[&[k(0.14, 0.12), k(0.45, 0.0), k(0.8, 0.14), k(0.74, 0.36), c(0.4, 0.47),
         k(0.76, 0.56), k(0.88, 0.78), k(0.56, 0.99), k(0.12, 0.9)]],
    // Two bows with a small loop between.
    &[&[k(0.18, 0.1), k(0.5, 0.0), k(0.78, 0.2), k(0.6, 0.42), k(0.36, 0.5), k(0.42, 0.42),
         k(0.68, 0.5), k(0.86, 0.72), k(0.6, 0.98), k(0.2, 0.95)]],
    // A flat top.
    &[&[c(0.14, 0.03), c(0.82, 0.03), c(0.42, 0.42), k(0.78, 0.5), k(0.86, 0.76),
         k(0.55, 0.99), k(0.14, 0.9)]],
    // Without a point between the bows.
    &[&[k(0.16, 0.16), k(0.46, 0.01), k(0.76, 0.16), c(0.58, 0.45), k(0.84, 0.7),
         k(0.6, 0.97), k(0.16, 0.94)]],
];

const FOUR: &[Glyph] = &[
    // Open: an L and a post.
    &[&[k(0.18, 0.02), k(0.14, 0.3), c(0.1, 0.56), k(0.5, 0.57), k(0.92, 0.55)],
      &[k(0.72, 0.08), k(0.7, 0.5), k(0.68, 1.0)]],
    // Closed: a triangle, in one go.
    &[&[c(0.64, 0.0), k(0.38, 0.34), c(0.06, 0.68), k(0.5, 0.67), c(0.95, 0.66)],
      &[c(0.66, 0.0), k(0.65, 0.5), k(0.64, 1.0)]],
    // Open and round, the post at the right end.
    &[&[k(0.14, 0.05), k(0.12, 0.35), k(0.3, 0.55), k(0.6, 0.52), k(0.8, 0.4)],
      &[k(0.86, 0.02), k(0.8, 0.45), k(0.76, 1.0)]],
    // Open, angular, the arms leaning together.
    &[&[k(0.4, 0.0), k(0.22, 0.32), c(0.06, 0.62), k(0.5, 0.6), k(0.96, 0.6)],
      &[k(0.7, 0.34), k(0.66, 0.7), k(0.62, 1.0)]],
];

const FIVE: &[Glyph] = &[
    // In one go from the right end of the hat.
    &[&[k(0.86, 0.02), c(0.26, 0.03), c(0.2, 0.44), k(0.5, 0.36), k(0.84, 0.54),
         k(0.8, 0.84), k(0.48, 1.0), k(0.12, 0.9)]],
    // The hat put on last.
    &[&[c(0.28, 0.06), c(0.22, 0.46), k(0.52, 0.4), k(0.84, 0.6), k(0.74, 0.9), k(0.4, 1.0),
         k(0.12, 0.92)],
      &[k(0.28, 0.05), k(0.6, 0.03), k(0.9, 0.0)]],
    // Rounded, like an S.
    &[&[k(0.84, 0.04), k(0.5, 0.03), k(0.26, 0.14), k(0.24, 0.38), k(0.54, 0.46),
         k(0.82, 0.66), k(0.62, 0.95), k(0.14, 0.96)]],
];

const SIX: &[Glyph] = &[
    // A bow and a bowl.
    &[&[k(0.72, 0.02), k(0.36, 0.2), k(0.14, 0.6), k(0.28, 0.94), k(0.62, 0.99),
         k(0.86, 0.76), k(0.66, 0.54), k(0.34, 0.6), k(0.17, 0.78)]],
    // A straight back.
    &[&[k(0.56, 0.0), k(0.32, 0.38), k(0.16, 0.72), k(0.34, 0.98), k(0.7, 0.94),
         k(0.8, 0.68), k(0.52, 0.55), k(0.22, 0.72)]],
    // Curled at the top, the bowl small and low.
    &[&[k(0.84, 0.12), k(0.6, 0.0), k(0.24, 0.24), k(0.1, 0.66), k(0.34, 0.97),
         k(0.7, 0.94), k(0.76, 0.7), k(0.46, 0.62), k(0.2, 0.84)]],
];

const SEVEN: &[Glyph] = &[
    // A roof and a slanted post.
    &[&[k(0.1, 0.05), c(0.88, 0.03), k(0.6, 0.45), k(0.36, 1.0)]],
    // With a bar.
    &[&[k(0.1, 0.05), c(0.88, 0.03), k(0.62, 0.45), k(0.42, 1.0)],
      &[k(0.28, 0.5), k(0.55, 0.49), k(0.82, 0.47)]],
    // With a serif at the left of the roof.
    &[&[c(0.12, 0.22), c(0.14, 0.05), k(0.5, 0.06), c(0.88, 0.03), k(0.62, 0.4),
         k(0.48, 1.0)]],
    // A wavy roof and a bent post.
    &[&[k(0.08, 0.16), k(0.3, 0.04), k(0.55, 0.12), c(0.9, 0.02), k(0.6, 0.42), k(0.52, 1.0)]],
];

const EIGHT: &[Glyph] = &[
    // In one go: an S and back up.
    &[&[k(0.78, 0.14), k(0.5, 0.0), k(0.2, 0.16), k(0.34, 0.4), k(0.68, 0.58),
         k(0.84, 0.82), k(0.5, 1.0), k(0.16, 0.82), k(0.34, 0.56), k(0.68, 0.38),
         k(0.78, 0.14)]],
    // Two rings.
    &[&[k(0.5, 0.46), k(0.22, 0.32), k(0.26, 0.08), k(0.52, 0.0), k(0.76, 0.12),
         k(0.76, 0.34), k(0.5, 0.46)],
      &[k(0.5, 0.46), k(0.16, 0.62), k(0.18, 0.9), k(0.5, 1.0), k(0.84, 0.88),
         k(0.84, 0.62), k(0.5, 0.46)]],
    // The S left open at the top.
    &[&[k(0.74, 0.06), k(0.4, 0.02), k(0.22, 0.22), k(0.5, 0.46), k(0.8, 0.72),
         k(0.6, 0.99), k(0.2, 0.9), k(0.3, 0.62), k(0.6, 0.4), k(0.86, 0.12)]],
];

const NINE: &[Glyph] = &[
    // A ring and a straight post.
    &[&[k(0.82, 0.14), k(0.5, 0.0), k(0.16, 0.2), k(0.26, 0.46), k(0.6, 0.46),
         c(0.84, 0.12), k(0.8, 0.55), k(0.76, 1.0)]],
    // A tail curled to the left.
    &[&[k(0.84, 0.2), k(0.56, 0.0), k(0.18, 0.14), k(0.2, 0.44), k(0.56, 0.52),
         k(0.84, 0.24), k(0.84, 0.6), k(0.62, 0.97), k(0.2, 0.92)]],
    // A round ring, the post leaning.
    &[&[k(0.78, 0.1), k(0.46, 0.02), k(0.16, 0.26), k(0.34, 0.5), k(0.68, 0.36),
         c(0.8, 0.08), k(0.66, 0.5), k(0.44, 1.0)]],
];
