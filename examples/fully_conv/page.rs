//! Digits on a page: windows to train with, scenes to search.
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shapewright::data::{Digits, Error, Images};

use super::network::{CLASSES, NOTHING, WINDOW};

/// Height and width of a drawn digit.
pub const DIGIT: usize = Digits::SIZE;

/// Where a digit is in the middle of a window.
const CENTRED: isize = (WINDOW - DIGIT) as isize / 2;

/// The paper's brightness is below this.
const GRAIN: u8 = 16;

/// Grey pixels, light ink on dark paper.
pub struct Page {
    pub height: usize,
    pub width: usize,
    pub pixels: Vec<u8>,
}

impl Page {
    fn new(height: usize, width: usize, rng: &mut impl Rng) -> Self {
        let pixels = (0..height * width).map(|_| rng.gen_range(0..GRAIN)).collect();
        Self { height, width, pixels }
    }

    /// Adds a digit's ink, its top left corner at `(y, x)`; what lies beyond the edges is cut off.
    fn paste(&mut self, digit: &[u8], y: isize, x: isize) {
        for (row, inks) in (y..).zip(digit.chunks(DIGIT)) {
            for (column, &ink) in (x..).zip(inks) {
                let inside = |at: isize, size| usize::try_from(at).ok().filter(|&at| at < size);
                if let (Some(r), Some(c)) = (inside(row, self.height), inside(column, self.width)) {
                    let pixel = &mut self.pixels[r * self.width + c];
                    *pixel = ink.max(*pixel);
                }
            }
        }
    }
}

/// Windows to train with: of three, two have a digit in the middle (but for a few pixels), the
/// third has none or one at its edge. Any may show a part of a neighbour.
pub fn windows(count: usize, seed: u64) -> Result<Images, Error> {
    let digits = Digits::draw(count, seed);
    let mut rng = StdRng::seed_from_u64(seed);
    let (mut pixels, mut labels) = (Vec::with_capacity(count * WINDOW * WINDOW), Vec::new());
    for i in 0..count {
        let (digit, label) = digits.sample(i);
        let mut page = Page::new(WINDOW, WINDOW, &mut rng);
        let nothing = i % 3 == 2;
        let (y, x) = if nothing { off_centre(7, 40, &mut rng) } else { off_centre(0, 4, &mut rng) };
        page.paste(digit, CENTRED + y, CENTRED + x);
        if rng.gen_bool(0.5) {
            let (neighbour, _) = digits.sample(rng.gen_range(0..count));
            let (dy, dx) = off_centre(26, 36, &mut rng);
            page.paste(neighbour, CENTRED + y + dy, CENTRED + x + dx);
        }
        pixels.extend(page.pixels);
        labels.push(if nothing { NOTHING as u8 } else { label });
    }
    Images::new(pixels, labels, [1, WINDOW, WINDOW], CLASSES)
}

/// A shift by at least `from` and less than `to` pixels along one axis, at most that along the other.
fn off_centre(from: isize, to: isize, rng: &mut impl Rng) -> (isize, isize) {
    let far = rng.gen_range(from..to) * if rng.gen_bool(0.5) { 1 } else { -1 };
    let near = rng.gen_range(-far.abs()..=far.abs());
    if rng.gen_bool(0.5) { (far, near) } else { (near, far) }
}

/// A digit on a scene: its class and its middle.
pub struct Drawn {
    pub class: usize,
    pub y: usize,
    pub x: usize,
}

/// A page with several digits that don't touch.
pub struct Scene {
    pub page: Page,
    pub digits: Vec<Drawn>,
}

impl Scene {
    /// Places digits at random until the page is well filled, each in the middle of a whole window.
    pub fn draw(height: usize, width: usize, seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut scene = Scene { page: Page::new(height, width, &mut rng), digits: Vec::new() };
        if height < WINDOW || width < WINDOW {
            return scene;
        }
        let tries = 1 + height * width / 200;
        let digits = Digits::draw(tries, seed);
        for _ in 0..tries {
            let (y, x) = (rng.gen_range(0..=height - WINDOW), rng.gen_range(0..=width - WINDOW));
            let middle = Drawn { class: 0, y: y + WINDOW / 2, x: x + WINDOW / 2 };
            let free = |d: &Drawn| d.y.abs_diff(middle.y).max(d.x.abs_diff(middle.x)) > DIGIT;
            if scene.digits.iter().all(free) {
                let (digit, class) = digits.sample(rng.gen_range(0..tries));
                scene.page.paste(digit, y as isize + CENTRED, x as isize + CENTRED);
                scene.digits.push(Drawn { class: class.into(), ..middle });
            }
        }
        scene
    }

    /// The pixels as the network takes them, in `0..=1`.
    pub fn to_floats(&self) -> Vec<f32> {
        self.page.pixels.iter().map(|&p| f32::from(p) / 255.0).collect()
    }
}
