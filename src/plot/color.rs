//! Colours for numbers and for classes.

/// Red, green and blue.
pub type Color = [u8; 3];

/// The colours of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMap {
    /// From black to white.
    Grey,
    /// From dark violet over green to yellow; equal steps look equal, also in grey and to the
    /// colour-blind (van der Walt and Smith, 2015, matplotlib's default).
    Viridis,
    /// From white to dark blue, for parts and counts.
    Blues,
    /// From blue over white to orange, for numbers of both signs around zero.
    Diverging,
}

impl ColorMap {
    /// The colour of a number in `0..=1`; one outside it is at the nearer end, and one that is not a
    /// number is grey.
    ///
    /// ```
    /// use shapewright::plot::ColorMap;
    ///
    /// assert_eq!(ColorMap::Grey.color(1.0), [255, 255, 255]);
    /// assert_eq!(ColorMap::Diverging.color(0.5), [247, 247, 247]);
    /// ```
    pub fn color(self, share: f32) -> Color {
        let stops: &[Color] = match self {
            ColorMap::Grey => &[[0; 3], [255; 3]],
            ColorMap::Viridis => &VIRIDIS,
            ColorMap::Blues => &BLUES,
            ColorMap::Diverging => &DIVERGING,
        };
        if share.is_nan() {
            return [128; 3];
        }
        let place = share.clamp(0.0, 1.0) * (stops.len() - 1) as f32;
        let below = (place as usize).min(stops.len() - 2);
        mix(stops[below], stops[below + 1], place - below as f32)
    }
}

/// Viridis, at eleven places from 0 to 1.
const VIRIDIS: [Color; 11] = [
    [68, 1, 84],
    [72, 36, 117],
    [65, 68, 135],
    [53, 95, 141],
    [42, 120, 142],
    [33, 145, 140],
    [34, 168, 132],
    [68, 191, 112],
    [122, 209, 81],
    [189, 223, 38],
    [253, 231, 37],
];

/// ColorBrewer's Blues, from white on.
const BLUES: [Color; 6] =
    [[255, 255, 255], [222, 235, 247], [158, 202, 225], [66, 146, 198], [8, 81, 156], [8, 48, 107]];

/// ColorBrewer's PuOr with its violet turned blue, the middle at zero.
const DIVERGING: [Color; 9] = [
    [8, 48, 107],
    [33, 102, 172],
    [103, 169, 207],
    [209, 229, 240],
    [247, 247, 247],
    [254, 224, 182],
    [241, 163, 64],
    [201, 104, 16],
    [127, 59, 8],
];

/// Okabe and Ito's colours (2008), then Paul Tol's where those end.
const CLASSES: [Color; 12] = [
    [0, 114, 178],
    [230, 159, 0],
    [0, 158, 115],
    [204, 121, 167],
    [86, 180, 233],
    [213, 94, 0],
    [240, 228, 66],
    [120, 120, 120],
    [136, 34, 85],
    [51, 34, 136],
    [153, 153, 51],
    [170, 68, 153],
];

/// The colour of a class; there are twelve that a colour-blind reader can tell apart, after which
/// they come again.
pub fn class_color(class: usize) -> Color {
    CLASSES[class % CLASSES.len()]
}

/// `share` of the second colour on the first.
pub(super) fn mix(a: Color, b: Color, share: f32) -> Color {
    std::array::from_fn(|i| {
        let (a, b) = (f32::from(a[i]), f32::from(b[i]));
        (a + share * (b - a)).round() as u8
    })
}

/// Black or white, whichever is easier to read on this.
///
/// ```
/// assert_eq!(shapewright::plot::ink_on([255, 255, 0]), [0, 0, 0]);
/// ```
pub fn ink_on([r, g, b]: Color) -> Color {
    let light = 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b);
    if light > 140.0 { [0; 3] } else { [255; 3] }
}
