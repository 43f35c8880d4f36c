//! The picture of a scene: what was found, the class and the confidence at every position.
use super::colours::{self, Colour, INK, PAPER};
use super::map::{Found, Map};
use super::network::NOTHING;
use super::page::{DIGIT, Page};
use super::picture::Picture;

/// About how wide, or high, a panel is to be, in pixels.
const SIZE: usize = 960;
const GAP: usize = 12;
const LEGEND: usize = 26;

/// Three panels, one below the other, and legends.
pub fn draw(page: &Page, map: &Map, found: &[Found]) -> Picture {
    let scale = (SIZE / page.width.max(page.height)).clamp(1, 12);
    let (width, height) = (page.width * scale, page.height * scale);
    // The legends need some room even under a narrow scene.
    let whole =
        [width.max(10 * 2 * LEGEND) + 2 * GAP, 3 * (height + GAP) + 2 * (LEGEND + GAP) + GAP];
    let mut picture = Picture::new(whole[0], whole[1], PAPER);
    let mut top = GAP;
    let mut panel = |picture: &mut Picture, colour: &dyn Fn(usize, usize) -> Colour| {
        for y in 0..page.height {
            for x in 0..page.width {
                picture.fill(GAP + x * scale, top + y * scale, scale, scale, colour(y, x));
            }
        }
        let own = top;
        top += height + GAP;
        own
    };
    let ink = |y: usize, x: usize| page.pixels[y * page.width + x];
    let share = |y: usize, x: usize| f32::from(ink(y, x)) / 255.0;

    let first = panel(&mut picture, &|y, x| colours::grey(ink(y, x)));
    for digit in found {
        label(&mut picture, digit, scale, [GAP, first], [width, height]);
    }
    panel(&mut picture, &|y, x| {
        let below = colours::grey(ink(y, x) / 3 + 12);
        match map.at(y, x).map(|(row, column)| map.best(row, column)) {
            Some((class, p)) if class != NOTHING => {
                colours::mix(colours::mix(below, colours::class(class), 0.75 * p), INK, share(y, x))
            }
            _ => below,
        }
    });
    panel(&mut picture, &|y, x| match map.at(y, x) {
        Some((row, column)) => {
            colours::mix(colours::heat(map.digit(row, column)), INK, 0.7 * share(y, x))
        }
        None => colours::grey(ink(y, x) / 3 + 12),
    });
    legend_of_classes(&mut picture, top);
    legend_of_heat(&mut picture, top + LEGEND + GAP, whole[0] - 2 * GAP);
    picture
}

/// A frame around a digit that was found, and its class.
fn label(picture: &mut Picture, digit: &Found, scale: usize, at: [usize; 2], size: [usize; 2]) {
    let (colour, side) = (colours::class(digit.class), DIGIT * scale);
    let corner =
        |middle: usize, size: usize| (middle * scale).saturating_sub(side / 2).min(size - side);
    let (x, y) = (at[0] + corner(digit.x, size[0]), at[1] + corner(digit.y, size[1]));
    let thick = scale.div_ceil(3);
    picture.frame([x, y, side, side], thick, colour);
    let dot = scale.max(3);
    picture.fill(x, y, 5 * dot, 7 * dot, colour);
    picture.number(x + dot, y + dot, dot, digit.class, PAPER);
}

/// A square and a numeral for each digit.
fn legend_of_classes(picture: &mut Picture, top: usize) {
    for digit in 0..10 {
        let left = GAP + 2 * LEGEND * digit;
        picture.fill(left, top, LEGEND, LEGEND, colours::class(digit));
        picture.number(left + LEGEND / 2 - 4, top + LEGEND / 2 - 7, 3, digit, PAPER);
    }
}

/// The colours from 0 to 100 percent.
fn legend_of_heat(picture: &mut Picture, top: usize, width: usize) {
    let size = 3;
    let (left, right) = (GAP + 6 * size, GAP + width.min(500) - 14 * size);
    picture.number(GAP, top + LEGEND / 2 - 7, size, 0, INK);
    for x in left..right {
        let share = (x - left) as f32 / (right - left) as f32;
        picture.fill(x, top, 1, LEGEND, colours::heat(share));
    }
    picture.number(right + 3 * size, top + LEGEND / 2 - 7, size, 100, INK);
}
