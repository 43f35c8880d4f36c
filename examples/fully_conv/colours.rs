//! Colours for classes and for numbers.

pub type Colour = [u8; 3];

pub const PAPER: Colour = [18, 18, 22];
pub const INK: Colour = [235, 235, 235];

/// Ten colours that are told apart easily: Tableau's, the grey brighter.
const CLASSES: [Colour; 10] = [
    [78, 121, 217],
    [255, 127, 14],
    [54, 180, 74],
    [226, 60, 60],
    [160, 110, 210],
    [150, 100, 80],
    [240, 130, 200],
    [180, 180, 180],
    [210, 205, 50],
    [35, 200, 215],
];

/// Viridis, at ten places from 0 to 1: equal steps look equal, in grey too.
const VIRIDIS: [Colour; 10] = [
    [68, 1, 84],
    [72, 40, 120],
    [62, 74, 137],
    [49, 104, 142],
    [38, 130, 142],
    [31, 158, 137],
    [53, 183, 121],
    [110, 206, 88],
    [181, 222, 43],
    [253, 231, 37],
];

/// The colour of a digit.
pub fn class(digit: usize) -> Colour {
    CLASSES[digit % 10]
}

/// The colour of a number in `0..=1`.
pub fn heat(value: f32) -> Colour {
    let place = value.clamp(0.0, 1.0) * 9.0;
    let below = (place as usize).min(8);
    mix(VIRIDIS[below], VIRIDIS[below + 1], place - below as f32)
}

pub fn grey(value: u8) -> Colour {
    [value; 3]
}

/// `share` of the second colour on the first.
pub fn mix(a: Colour, b: Colour, share: f32) -> Colour {
    std::array::from_fn(|i| {
        let (a, b) = (f32::from(a[i]), f32::from(b[i]));
        (a + share * (b - a)).round() as u8
    })
}
