//! What the network says at each position, and the digits that follow from it.
use super::network::{CLASSES, NOTHING, STRIDE, WINDOW};

/// A digit is found where some position is surer than this.
const SURE: f32 = 0.8;

/// Positions around a digit's middle that see it too, in pixels.
const AROUND: usize = 18;

/// The probability of each class at each position.
pub struct Map {
    pub height: usize,
    pub width: usize,
    /// `CLASSES` in a row for each position.
    probabilities: Vec<[f32; CLASSES]>,
}

/// A digit that was found: its class, its middle in pixels, its probability.
pub struct Found {
    pub class: usize,
    pub y: usize,
    pub x: usize,
    pub probability: f32,
}

impl Map {
    /// From the network's scores, `[CLASSES, height, width]`.
    pub fn new(scores: &[f32], height: usize, width: usize) -> Self {
        let positions = height * width;
        let softmax = |p: usize| {
            let scores: [f32; CLASSES] = std::array::from_fn(|c| scores[c * positions + p]);
            let most = scores.into_iter().fold(f32::NEG_INFINITY, f32::max);
            let powers = scores.map(|s| (s - most).exp());
            let sum: f32 = powers.iter().sum();
            powers.map(|p| p / sum)
        };
        Self { height, width, probabilities: (0..positions).map(softmax).collect() }
    }

    /// The most probable class at a position, and its probability.
    pub fn best(&self, row: usize, column: usize) -> (usize, f32) {
        let all = &self.probabilities[row * self.width + column];
        (0..CLASSES).map(|c| (c, all[c])).fold((NOTHING, 0.0), |a, b| if b.1 > a.1 { b } else { a })
    }

    /// The probability that there is a digit, whichever.
    pub fn digit(&self, row: usize, column: usize) -> f32 {
        1.0 - self.probabilities[row * self.width + column][NOTHING]
    }

    /// The position whose window's middle is nearest to a pixel; none near the edges.
    pub fn at(&self, y: usize, x: usize) -> Option<(usize, usize)> {
        let first = (WINDOW - STRIDE) / 2;
        let (row, column) = (y.checked_sub(first)? / STRIDE, x.checked_sub(first)? / STRIDE);
        (row < self.height && column < self.width).then_some((row, column))
    }

    /// The digits: of the surest positions each that is not around another.
    pub fn find(&self) -> Vec<Found> {
        let mut sure = Vec::new();
        for row in 0..self.height {
            for column in 0..self.width {
                let (class, probability) = self.best(row, column);
                if class != NOTHING && probability > SURE {
                    let middle = |i| i * STRIDE + WINDOW / 2;
                    sure.push(Found { class, y: middle(row), x: middle(column), probability });
                }
            }
        }
        sure.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let mut found: Vec<Found> = Vec::new();
        for mut digit in sure.iter().map(|d| Found { ..*d }) {
            if found.iter().any(|other| near(other, &digit)) {
                continue;
            }
            // Several positions see it: it is in their middle.
            let same = sure.iter().filter(|d| d.class == digit.class && near(d, &digit));
            let (n, y, x) = same.fold((0, 0, 0), |(n, y, x), d| (n + 1, y + d.y, x + d.x));
            (digit.y, digit.x) = (y / n, x / n);
            found.push(digit);
        }
        found.sort_by_key(|digit| digit.x);
        found
    }
}

fn near(a: &Found, b: &Found) -> bool {
    a.y.abs_diff(b.y).max(a.x.abs_diff(b.x)) <= AROUND
}
