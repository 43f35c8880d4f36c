//! A diagram's marks.

use super::layout::{self, CIRCLE, GAP, LABEL, LINE, Layout, NAME, Row};
use super::outline::{Map, Outline, Part, Span};
use super::volume::{SLICE, Volume};
use crate::plot::{Anchor, Canvas, theme};

/// Of lines that data goes along.
const WIDTH: f32 = 1.0;

/// Draws the rows, one below the other.
pub fn rows(canvas: &mut Canvas<'_>, outline: &Outline, layout: &Layout) {
    let mut top = 0.0;
    for (i, row) in layout.rows.iter().enumerate() {
        let canvas = &mut canvas.part([0.0, top], [layout.width, row.height()]);
        let pen = &mut Pen { canvas, outline, layout, row };
        pen.line(i + 1 < layout.rows.len());
        pen.arcs();
        pen.groups();
        row.parts.clone().for_each(|part| pen.part(part));
        top += row.height() + layout::ROW_GAP;
    }
}

/// What a row is drawn with.
struct Pen<'a, 'b> {
    canvas: &'a mut Canvas<'b>,
    outline: &'a Outline,
    layout: &'a Layout,
    row: &'a Row,
}

impl Pen<'_, '_> {
    /// The height of the line that the parts are on.
    fn axis(&self) -> f32 {
        self.row.arcs + self.row.labels + self.row.boxes / 2.0
    }

    /// The left and right end of what is drawn of a part, without its words.
    fn ends(&self, part: usize) -> [f32; 2] {
        let column = self.layout.columns[part];
        let width = match &self.outline.parts[part] {
            Part::Map(map) => layout::box_width(map, Volume::of(map.shape, self.layout.largest)),
            Part::Join { .. } => 2.0 * CIRCLE,
        };
        [column.middle() - width / 2.0, column.middle() + width / 2.0]
    }

    /// From part to part, and from the row before to the one behind.
    fn line(&mut self, goes_on: bool) {
        let (axis, parts) = (self.axis(), self.row.parts.clone());
        for part in parts.clone() {
            let [left, _] = self.ends(part);
            if part > 0 {
                let start = if part == parts.start { 2.0 } else { self.right_of(part - 1) };
                arrow(self.canvas, [start, axis], [left, axis]);
            }
        }
        if goes_on {
            let (start, end) = (self.right_of(parts.end - 1), self.layout.columns[parts.end - 1]);
            arrow(self.canvas, [start, axis], [end.right() + GAP - 2.0, axis]);
        }
    }

    /// Where the line leaves a part: in the middle of a box's right side.
    fn right_of(&self, part: usize) -> f32 {
        let [_, right] = self.ends(part);
        match &self.outline.parts[part] {
            Part::Map(map) => right - Volume::of(map.shape, self.layout.largest).back / 2.0,
            Part::Join { .. } => right,
        }
    }

    fn part(&mut self, part: usize) {
        let column = self.layout.columns[part];
        let [left, _] = self.ends(part);
        let axis = self.axis();
        match &self.outline.parts[part] {
            Part::Map(map) => {
                self.volume(map, left);
                self.label(map, column.middle());
            }
            Part::Join { join, .. } => {
                circle(self.canvas, [column.middle(), axis], layout::is_concat(*join));
            }
        }
        let shape = layout::shape_text(&self.outline.parts[part]);
        let at = [column.middle(), axis + self.row.boxes / 2.0 + theme::LINE / 2.0];
        self.canvas.text(&shape, at, Anchor::Middle, LABEL, theme::INK);
    }

    fn volume(&mut self, map: &Map, left: f32) {
        let volume = Volume::of(map.shape, self.layout.largest);
        let bottom = self.axis() + (volume.height + volume.back) / 2.0;
        let thin = if map.kind.is_slice() { volume.slice() } else { volume };
        thin.draw(self.canvas, [left, bottom], map.kind.color());
        for (i, slice) in map.slices.iter().enumerate() {
            let left = left + thin.thickness + SLICE * i as f32;
            volume.slice().draw(self.canvas, [left, bottom], slice.color());
        }
    }

    /// The name and the lines above a box, the last one right above it.
    fn label(&mut self, map: &Map, middle: f32) {
        let lines = map.lines.iter().map(|line| (line, LABEL));
        let name = Some((&map.name, NAME)).filter(|(name, _)| !name.is_empty());
        let bottom = self.row.arcs + self.row.labels - 4.0;
        let all: Vec<_> = name.into_iter().chain(lines).collect();
        for (i, (line, font)) in all.iter().rev().enumerate() {
            let at = [middle, bottom - LINE * (i as f32 + 0.5)];
            self.canvas.text(line, at, Anchor::Middle, *font, theme::INK);
        }
    }

    /// Branches past the parts. One that goes on in the next row ends at the edge.
    fn arcs(&mut self) {
        let (outline, layout) = (self.outline, self.layout);
        for (arc, height) in outline.arcs.iter().zip(&layout.arc_heights) {
            let parts = &self.row.parts;
            if !arc.is_in(parts) {
                continue;
            }
            let lines = LINE * arc.lines.len() as f32;
            let (y, axis) = (self.row.arcs - (height - lines - 3.0), self.axis());
            let start = if parts.contains(&arc.from) {
                let x = layout.columns[arc.from].left - 0.65 * GAP;
                self.canvas.disc([x, axis], 2.2, theme::INK);
                self.canvas.line(&[[x, axis], [x, y]], WIDTH, theme::FAINT);
                x
            } else {
                2.0
            };
            let end = if parts.contains(&arc.to) {
                let x = layout.columns[arc.to].middle();
                arrow(self.canvas, [x, y], [x, axis - CIRCLE]);
                x
            } else {
                layout.columns[parts.end - 1].right() + GAP - 2.0
            };
            self.canvas.line(&[[start, y], [end, y]], WIDTH, theme::FAINT);
            self.words(arc, [start, end], y - lines - 2.0);
        }
    }

    /// Brackets below the parts of what is open.
    fn groups(&mut self) {
        let (outline, layout) = (self.outline, self.layout);
        for (group, depth) in outline.groups.iter().zip(&layout.group_depths) {
            let parts = &self.row.parts;
            if !group.is_in(parts) {
                continue;
            }
            let y =
                self.row.height() - self.row.below + theme::LINE + depth - layout::BRACKET + 4.0;
            let (first, last) = (group.from.max(parts.start), group.to.min(parts.end - 1));
            let [start, end] = [layout.columns[first].left, layout.columns[last].right()];
            let mut bracket = vec![[start, y], [end, y]];
            if first == group.from {
                bracket.insert(0, [start, y - 4.0]);
            }
            if last == group.to {
                bracket.push([end, y - 4.0]);
            }
            self.canvas.line(&bracket, WIDTH, theme::FAINT);
            self.words(group, [start, end], y + 2.0);
        }
    }

    /// A span's lines, in the row that has most of it, from `top` downwards.
    fn words(&mut self, span: &Span, [start, end]: [f32; 2], top: f32) {
        let shared = |row: &Row| {
            let last = (span.to + 1).min(row.parts.end);
            last.saturating_sub(span.from.max(row.parts.start))
        };
        let most = self.layout.rows.iter().map(shared).max();
        let first = self.layout.rows.iter().find(|row| Some(shared(row)) == most);
        let here = first.is_some_and(|row| row.parts == self.row.parts);
        if here {
            for (i, line) in span.lines.iter().enumerate() {
                let at = [(start + end) / 2.0, top + LINE * (i as f32 + 0.5)];
                self.canvas.text(line, at, Anchor::Middle, LABEL, theme::INK);
            }
        }
    }
}

/// Of a sum, or of channels that come behind each other.
pub fn circle(canvas: &mut Canvas<'_>, [x, y]: [f32; 2], concat: bool) {
    canvas.disc([x, y], CIRCLE, theme::INK);
    canvas.disc([x, y], CIRCLE - 1.0, theme::PAPER);
    let arm = 0.5 * CIRCLE;
    if concat {
        for side in [-1.0, 1.0] {
            let x = x + 0.35 * arm * side;
            canvas.line(&[[x, y - arm], [x, y + arm]], 1.2, theme::INK);
        }
    } else {
        canvas.line(&[[x - arm, y], [x + arm, y]], 1.2, theme::INK);
        canvas.line(&[[x, y - arm], [x, y + arm]], 1.2, theme::INK);
    }
}

/// A line with a head at its end, along one axis.
fn arrow(canvas: &mut Canvas<'_>, [x0, y0]: [f32; 2], [x, y]: [f32; 2]) {
    const HEAD: f32 = 5.0;
    canvas.line(&[[x0, y0], [x, y]], WIDTH, theme::FAINT);
    let head = if y0 == y {
        [[x, y], [x - HEAD, y - 0.5 * HEAD], [x - HEAD, y + 0.5 * HEAD]]
    } else {
        [[x, y], [x - 0.5 * HEAD, y - HEAD], [x + 0.5 * HEAD, y - HEAD]]
    };
    canvas.polygon(&head, theme::FAINT, 1.0);
}
