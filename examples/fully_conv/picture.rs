//! The picture of a scene: what was found, the class and the probability of a digit everywhere.
use std::error::Error;

use shapewright::plot::{Anchor, Canvas, ClassMap, ColorMap, Figure, Font, ImageGrid, Panels};
use shapewright::plot::{class_color, ink_on};
use shapewright::prelude::*;

use super::map::{Found, Map};
use super::network::NOTHING;
use super::page::{DIGIT, Page};

/// About how wide, or high, a panel is to be, in points.
const SIZE: usize = 640;

/// Three panels, one below the other.
pub fn draw(page: &Page, map: &Map, found: Vec<Found>) -> Result<Panels, Box<dyn Error>> {
    let (height, width) = (page.height, page.width);
    let scale = (SIZE / height.max(width)).clamp(1, 8) as f32;
    let dev = Cpu::default();
    let plane = |pixel: &dyn Fn(usize, usize) -> f32| {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (y, x)));
        dev.tensor_from_vec(places.map(|(y, x)| pixel(y, x)).collect(), (height, width))
    };
    let ink = plane(&|y, x| f32::from(page.pixels[y * width + x]));
    let digit =
        plane(&|y, x| map.at(y, x).map_or(f32::NAN, |(row, column)| map.digit(row, column)));
    let best = |i: usize| map.at(i / width, i % width).map_or(NOTHING, |at| map.best(at.0, at.1).0);
    let classes: Vec<usize> = (0..height * width).map(best).collect();

    let scene = ImageGrid::new(&ink)?.scale(scale).title("what was found");
    let classes = ClassMap::new(&classes, height, width)?.over(&ink)?.background(NOTHING);
    let digit = ImageGrid::new(&digit)?.color_map(ColorMap::Viridis).range(0.0..=1.0);
    Ok(Panels::new()
        .columns(1)
        .with(Labelled { scene, found, scale })
        .with(classes.names(0..10).scale(scale).title("the class at each position"))
        .with(digit.scale(scale).title("the probability of a digit, from 0 (dark) to 1 (bright)")))
}

/// A scene with a frame around each digit that was found, and its class.
struct Labelled {
    scene: ImageGrid,
    found: Vec<Found>,
    scale: f32,
}

impl Figure for Labelled {
    fn size(&self) -> [f32; 2] {
        self.scene.size()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        self.scene.draw(canvas);
        let side = DIGIT as f32 * self.scale;
        let [left, top] = self.scene.corner();
        for digit in &self.found {
            let color = class_color(digit.class);
            let place = |middle: usize, from: f32| from + middle as f32 * self.scale - side / 2.0;
            let (x, y) = (place(digit.x, left), place(digit.y, top));
            canvas.frame([x, y, side, side], 1.5, color);
            canvas.fill([x, y, 16.0, 18.0], color);
            let class = digit.class.to_string();
            canvas.text(
                &class,
                [x + 8.0, y + 9.0],
                Anchor::Middle,
                Font::bold(13.0),
                ink_on(color),
            );
        }
    }
}
