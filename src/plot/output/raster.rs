//! Marks as pixels, with smooth edges.

use tiny_skia::{
    FillRule, FilterQuality, IntSize, LineJoin, Paint, PathBuilder, Pixmap, PixmapPaint, Rect,
    Stroke, StrokeDash, Transform,
};

use crate::plot::canvas::Mark;
use crate::plot::{Color, Pixels, text, theme};

/// Pixels of a point, along each side.
pub const SCALE: u32 = 2;

/// Red, green and blue of each pixel, row by row.
pub struct Image {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

impl Image {
    /// The pixels' colours.
    pub fn colors(&self) -> &[Color] {
        self.rgb.as_chunks().0
    }
}

/// Draws marks on paper of so many points.
pub fn draw(marks: &[Mark], [width, height]: [u32; 2]) -> Image {
    let (width, height) = (width * SCALE, height * SCALE);
    let mut paper = Pixmap::new(width, height).expect("its size was checked");
    let [r, g, b] = theme::PAPER;
    paper.fill(tiny_skia::Color::from_rgba8(r, g, b, 255));
    let scale = Transform::from_scale(SCALE as f32, SCALE as f32);
    for mark in marks {
        draw_mark(&mut paper, mark, scale);
    }
    let rgb = paper.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
    Image { width, height, rgb }
}

fn draw_mark(paper: &mut Pixmap, mark: &Mark, scale: Transform) {
    match mark {
        &Mark::Rect { rect: [x, y, w, h], color } => {
            if let Some(rect) = Rect::from_xywh(x, y, w, h) {
                paper.fill_rect(rect, &paint(color, 1.0), scale, None);
            }
        }
        Mark::Line { points, width, color, closed, dash } => {
            let (line_join, dash) = (join(*closed), StrokeDash::new(vec![*dash; 2], 0.0));
            let stroke = Stroke { width: *width, line_join, dash, ..Stroke::default() };
            if let Some(path) = polygon(points, *closed) {
                paper.stroke_path(&path, &paint(*color, 1.0), &stroke, scale, None);
            }
        }
        Mark::Polygon { points, color, opacity } => {
            if let Some(path) = polygon(points, true) {
                let paint = paint(*color, *opacity);
                paper.fill_path(&path, &paint, FillRule::Winding, scale, None);
            }
        }
        &Mark::Disc { center: [x, y], radius, color } => {
            if let Some(path) = PathBuilder::from_circle(x, y, radius) {
                paper.fill_path(&path, &paint(color, 1.0), FillRule::Winding, scale, None);
            }
        }
        Mark::Text { text, at: [x, y], font, color, upwards } => {
            let turn = if *upwards { -90.0 } else { 0.0 };
            if let Some(path) = text::outlines(text, *font, 0.0, 0.0) {
                let place = scale.pre_translate(*x, *y).pre_rotate(turn);
                paper.fill_path(&path, &paint(*color, 1.0), FillRule::Winding, place, None);
            }
        }
        Mark::Pixels { rect: [x, y, w, h], pixels } => {
            let Some(image) = pixmap(pixels) else { return };
            let (across, down) = (w / image.width() as f32, h / image.height() as f32);
            let paint = PixmapPaint { quality: FilterQuality::Nearest, ..Default::default() };
            let place = scale.pre_translate(*x, *y).pre_scale(across, down);
            paper.draw_pixmap(0, 0, image.as_ref(), &paint, place, None);
        }
    }
}

/// Sharp corners for frames, round ones for curves, which may turn back.
fn join(closed: bool) -> LineJoin {
    if closed { LineJoin::Miter } else { LineJoin::Round }
}

fn paint([r, g, b]: Color, opacity: f32) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(r, g, b, (255.0 * opacity.clamp(0.0, 1.0)).round() as u8);
    paint
}

fn polygon(points: &[[f32; 2]], closed: bool) -> Option<tiny_skia::Path> {
    let mut path = PathBuilder::new();
    let (&[x, y], rest) = points.split_first()?;
    path.move_to(x, y);
    rest.iter().for_each(|&[x, y]| path.line_to(x, y));
    if closed {
        path.close();
    }
    path.finish()
}

fn pixmap(pixels: &Pixels) -> Option<Pixmap> {
    let size = IntSize::from_wh(pixels.width() as u32, pixels.height() as u32)?;
    let rgba = pixels.bytes().chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]);
    Pixmap::from_vec(rgba.collect(), size)
}
