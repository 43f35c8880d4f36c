//! Marks as SVG 1.1, text as text.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::encode_png;
use crate::plot::canvas::Mark;
use crate::plot::{Color, theme};

/// Where the reader lacks the font, a similar one.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// The whole document.
pub fn write(marks: &[Mark], [width, height]: [u32; 2]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FAMILY}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n",
        hex(theme::PAPER)
    );
    for mark in marks {
        element(&mut svg, mark).expect("a string takes everything");
    }
    svg.push_str("</svg>\n");
    svg
}

fn element(svg: &mut String, mark: &Mark) -> std::fmt::Result {
    match mark {
        Mark::Rect { rect: [x, y, w, h], color } => {
            let (x, y, w, h, color) = (short(*x), short(*y), short(*w), short(*h), hex(*color));
            writeln!(svg, r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{color}"/>"#)
        }
        Mark::Line { points, width, color, closed, dash } => {
            let (tag, join) = if *closed { ("polygon", "miter") } else { ("polyline", "round") };
            let dash = match short(*dash) {
                dash if dash > 0.0 => format!(r#" stroke-dasharray="{dash}""#),
                _ => String::new(),
            };
            let (points, width, color) = (list(points), short(*width), hex(*color));
            writeln!(
                svg,
                r#"<{tag} points="{points}" fill="none" stroke="{color}" stroke-width="{width}" stroke-linejoin="{join}"{dash}/>"#
            )
        }
        Mark::Polygon { points, color, opacity } => {
            let (points, color, opacity) = (list(points), hex(*color), short(*opacity));
            writeln!(svg, r#"<polygon points="{points}" fill="{color}" opacity="{opacity}"/>"#)
        }
        Mark::Disc { center: [x, y], radius, color } => {
            let (x, y, radius, color) = (short(*x), short(*y), short(*radius), hex(*color));
            writeln!(svg, r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{color}"/>"#)
        }
        Mark::Text { text, at: [x, y], font, color, upwards } => {
            let (x, y, size, color) = (short(*x), short(*y), short(font.size), hex(*color));
            let weight = if font.bold { r#" font-weight="bold""# } else { "" };
            let turn = if *upwards {
                format!(r#" transform="rotate(-90 {x} {y})""#)
            } else {
                String::new()
            };
            let text = escape(text);
            writeln!(
                svg,
                r#"<text x="{x}" y="{y}" font-size="{size}" fill="{color}" xml:space="preserve"{weight}{turn}>{text}</text>"#
            )
        }
        Mark::Pixels { rect: [x, y, w, h], pixels } => {
            let (x, y, w, h) = (short(*x), short(*y), short(*w), short(*h));
            let png = encode_png(pixels.width() as u32, pixels.height() as u32, pixels.bytes());
            let data = STANDARD.encode(png);
            writeln!(
                svg,
                r#"<image x="{x}" y="{y}" width="{w}" height="{h}" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,{data}"/>"#
            )
        }
    }
}

/// At most two digits behind the point.
fn short(number: f32) -> f32 {
    (100.0 * number).round() / 100.0
}

fn list(points: &[[f32; 2]]) -> String {
    let points = points.iter().map(|&[x, y]| format!("{},{}", short(x), short(y)));
    points.collect::<Vec<_>>().join(" ")
}

fn hex([r, g, b]: Color) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Text as XML takes it, which knows no control characters.
fn escape(text: &str) -> String {
    let text = text.replace(|letter: char| letter.is_control(), "\u{fffd}");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
