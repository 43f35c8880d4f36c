//! What the colours and signs of a diagram mean.

use super::draw;
use super::kind::Kind;
use super::layout::{CIRCLE, GAP, LABEL};
use super::outline::{Outline, Part};
use crate::plot::{Anchor, Canvas, theme};
use crate::shape::Join;

/// The side of a coloured square.
const SQUARE: f32 = 10.0;

const LINE: f32 = 20.0;

enum Sign {
    Color(Kind),
    Join { concat: bool },
}

struct Entry {
    sign: Sign,
    words: String,
    /// The left end and the line.
    at: [f32; 2],
}

/// The entries on lines that are not wider than `width`.
pub struct Legend(Vec<Entry>);

impl Legend {
    pub fn of(outline: &Outline, width: f32) -> Self {
        let colors = outline.legend.iter();
        let colors = colors.map(|(kind, names)| (Sign::Color(*kind), names.join(", ")));
        let has = |concat| {
            outline.parts.iter().any(
                |part| matches!(part, Part::Join { join, .. } if (*join == Join::Concat) == concat),
            )
        };
        let joins = [(false, "sum"), (true, "Concat")].into_iter().filter(|(c, _)| has(*c));
        let joins = joins.map(|(concat, words)| (Sign::Join { concat }, words.to_string()));
        let (mut entries, mut left, mut line) = (Vec::new(), GAP, 0.0);
        for (sign, words) in colors.chain(joins) {
            let room = 2.0 * CIRCLE + 6.0 + Canvas::text_width(&words, LABEL) + GAP;
            if left > GAP && left + room > width {
                (left, line) = (GAP, line + 1.0);
            }
            entries.push(Entry { sign, words, at: [left, line] });
            left += room;
        }
        Legend(entries)
    }

    pub fn height(&self) -> f32 {
        self.0.last().map_or(0.0, |entry| (entry.at[1] + 1.0) * LINE)
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>) {
        for Entry { sign, words, at: [left, line] } in &self.0 {
            let (x, y) = (left + CIRCLE, (line + 0.5) * LINE);
            match sign {
                Sign::Color(kind) => {
                    let square = [x - SQUARE / 2.0, y - SQUARE / 2.0, SQUARE, SQUARE];
                    canvas.fill(square, kind.color());
                    canvas.frame(square, 0.6, theme::FAINT);
                }
                Sign::Join { concat } => draw::circle(canvas, [x, y], *concat),
            }
            let at = [left + 2.0 * CIRCLE + 4.0, y];
            canvas.text(words, at, Anchor::Start, LABEL, theme::INK);
        }
    }
}
