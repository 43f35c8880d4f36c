//! Coloured digits: 3×32×32, ink of any colour on paper of any other.
use rand::{Rng, SeedableRng, rngs::StdRng};
use shapewright::data::{Digits, Error, Images};

pub const SIZE: usize = 32;

/// Draws `count` pictures: the library's digits, each in its own colours, at its own place.
pub fn draw(count: usize, seed: u64) -> Result<Images, Error> {
    let digits = Digits::draw(count, seed);
    let mut rng = StdRng::seed_from_u64(seed);
    let mut pixels = Vec::with_capacity(count * 3 * SIZE * SIZE);
    for digit in digits.pixels().chunks(Digits::SIZE * Digits::SIZE) {
        let (paper, ink) = colours(&mut rng);
        let mut place = || rng.gen_range(0..=SIZE - Digits::SIZE);
        let (top, left) = (place(), place());
        for channel in 0..3 {
            for i in 0..SIZE * SIZE {
                // Wraps far beyond the digit when above or left of it.
                let (y, x) = ((i / SIZE).wrapping_sub(top), (i % SIZE).wrapping_sub(left));
                let inside = y < Digits::SIZE && x < Digits::SIZE;
                let share =
                    if inside { f32::from(digit[y * Digits::SIZE + x]) / 255.0 } else { 0.0 };
                pixels.push((paper[channel] + share * (ink[channel] - paper[channel])) as u8);
            }
        }
    }
    Images::new(pixels, digits.labels().to_vec(), [3, SIZE, SIZE], 10)
}

/// Dark paper and bright ink, each of a random colour.
fn colours(rng: &mut impl Rng) -> ([f32; 3], [f32; 3]) {
    let mut colour = |from: f32, to: f32| std::array::from_fn(|_| rng.gen_range(from..to));
    (colour(0.0, 100.0), colour(120.0, 255.0))
}
