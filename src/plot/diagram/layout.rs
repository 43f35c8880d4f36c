//! Where the parts of a diagram are.

use std::ops::Range;

use super::outline::{Map, Outline, Part, Span};
use super::volume::{SLICE, Volume};
use super::words;
use crate::plot::{Canvas, Font, theme};
use crate::shape::Join;

/// Between columns, where lines go.
pub const GAP: f32 = 20.0;
/// The circle where branches come together.
pub const CIRCLE: f32 = 8.0;
/// A line of a label.
pub const LINE: f32 = 11.5;
/// A bracket with its words.
pub const BRACKET: f32 = 20.0;

pub const NAME: Font = Font::bold(9.5);
pub const LABEL: Font = Font::new(9.5);

/// A part's place along the row: its left end and width.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub left: f32,
    pub width: f32,
}

impl Column {
    pub fn right(self) -> f32 {
        self.left + self.width
    }

    pub fn middle(self) -> f32 {
        self.left + self.width / 2.0
    }
}

/// Parts beside each other, and the heights of what lies in the row, from the top.
#[derive(Clone, Debug)]
pub struct Row {
    pub parts: Range<usize>,
    /// Branches that lead past the parts.
    pub arcs: f32,
    /// The layers' names and options.
    pub labels: f32,
    pub boxes: f32,
    /// The shapes' line and the brackets.
    pub below: f32,
}

impl Row {
    pub fn height(&self) -> f32 {
        self.arcs + self.labels + self.boxes + self.below
    }
}

/// The whole diagram.
#[derive(Clone, Debug)]
pub struct Layout {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// How far above the labels each arc is, and how far below the shapes each group.
    pub arc_heights: Vec<f32>,
    pub group_depths: Vec<f32>,
    /// The longest side of any image.
    pub largest: usize,
    pub width: f32,
}

impl Layout {
    /// In rows that are not much wider than `limit`.
    pub fn of(outline: &Outline, limit: f32) -> Self {
        let largest = outline.parts.iter().map(largest_side).max().unwrap_or(1);
        let widths = widths(outline, largest);
        let rows = rows(outline, &widths, limit);
        let mut columns = Vec::new();
        for row in &rows {
            let mut left = GAP;
            for &width in &widths[row.clone()] {
                columns.push(Column { left, width });
                left += width + GAP;
            }
        }
        let width = columns.iter().map(|column| column.right() + GAP).fold(0.0, f32::max);
        let arc_heights = stack(&outline.arcs, |arc| 10.0 + LINE * arc.lines.len() as f32);
        let group_depths = stack(&outline.groups, |_| BRACKET);
        let mut layout =
            Layout { columns, rows: Vec::new(), arc_heights, group_depths, largest, width };
        layout.rows = rows.into_iter().map(|parts| layout.row(outline, parts)).collect();
        layout
    }

    fn row(&self, outline: &Outline, parts: Range<usize>) -> Row {
        let passing = |spans: &[Span], heights: &[f32]| {
            let near = spans.iter().zip(heights).filter(|(span, _)| span.is_in(&parts));
            near.map(|(_, &height)| height).fold(0.0, f32::max)
        };
        let maps = || outline.parts[parts.clone()].iter().filter_map(as_map);
        let lines = maps().map(|map| usize::from(!map.name.is_empty()) + map.lines.len());
        let volumes = maps().map(|map| Volume::of(map.shape, self.largest));
        let arcs = passing(&outline.arcs, &self.arc_heights);
        Row {
            arcs: if arcs > 0.0 { arcs + LINE / 2.0 } else { 0.0 },
            labels: LINE * lines.max().unwrap_or(0) as f32 + 4.0,
            boxes: volumes.map(|v| v.height + v.back).fold(3.0 * CIRCLE, f32::max),
            below: theme::LINE + 4.0 + passing(&outline.groups, &self.group_depths),
            parts,
        }
    }

    pub fn height(&self) -> f32 {
        self.rows.iter().map(Row::height).sum::<f32>() + ROW_GAP * (self.rows.len() - 1) as f32
    }
}

pub const ROW_GAP: f32 = 18.0;

pub fn as_map(part: &Part) -> Option<&Map> {
    match part {
        Part::Map(map) => Some(map),
        Part::Join { .. } => None,
    }
}

fn largest_side(part: &Part) -> usize {
    as_map(part).map_or(1, |map| map.shape.dims()[1..].iter().copied().max().unwrap_or(1))
}

/// How wide a box is with its slices.
pub fn box_width(map: &Map, volume: Volume) -> f32 {
    let thickness = if map.kind.is_slice() { SLICE } else { volume.thickness };
    thickness + volume.back + SLICE * map.slices.len() as f32
}

/// The shape below a part: that of every box but thin ones of their own, and of what branches
/// make together unless they add.
pub fn shape_text(part: &Part) -> String {
    match part {
        Part::Map(map) if map.kind.is_slice() => String::new(),
        Part::Join { join, .. } if !is_concat(*join) => String::new(),
        Part::Map(Map { shape, .. }) | Part::Join { shape, .. } => words::dims(shape.dims()),
    }
}

pub fn is_concat(join: Join) -> bool {
    join == Join::Concat
}

fn widths(outline: &Outline, largest: usize) -> Vec<f32> {
    let width = |part: &Part| {
        let shape = Canvas::text_width(&shape_text(part), LABEL);
        let Part::Map(map) = part else { return shape.max(2.0 * CIRCLE) };
        let lines = map.lines.iter().map(|line| Canvas::text_width(line, LABEL));
        let name = Canvas::text_width(&map.name, NAME);
        let volume = box_width(map, Volume::of(map.shape, largest));
        lines.fold(shape.max(name).max(volume), f32::max)
    };
    let mut widths: Vec<f32> = outline.parts.iter().map(width).collect();
    // What is written on an arc or bracket has its room between the ends.
    for span in outline.spans() {
        let lines = span.lines.iter().map(|line| Canvas::text_width(line, LABEL) + GAP);
        let room: f32 = widths[span.from..=span.to].iter().map(|width| width + GAP).sum();
        widths[span.to] += (lines.fold(0.0, f32::max) - room).max(0.0);
    }
    widths
}

/// As few rows as can be, broken where it hurts least, and of about the same length.
fn rows(outline: &Outline, widths: &[f32], limit: f32) -> Vec<Range<usize>> {
    let all: f32 = widths.iter().map(|width| width + GAP).sum::<f32>() + GAP;
    let limit = limit.min(all).max(1.0);
    let fewest = fill(outline, widths, limit).len();
    let limits = (0..).map(|n| limit - GAP * n as f32).take_while(|&limit| limit > 0.0);
    let ways = limits.map(|limit| fill(outline, widths, limit));
    let ways = ways.take_while(|rows| rows.len() == fewest);
    let hurt = |rows: &Vec<Range<usize>>| {
        rows.iter().map(|row| crossings(outline, row.start)).sum::<usize>()
    };
    // Of equals the last, which has the shortest rows.
    let best = ways.reduce(|best, rows| if hurt(&rows) <= hurt(&best) { rows } else { best });
    best.unwrap_or_default()
}

/// How many arcs and brackets are torn apart by a row that starts with this part.
fn crossings(outline: &Outline, start: usize) -> usize {
    outline.spans().filter(|span| span.from < start && span.to >= start).count()
}

/// Parts row by row: as many as fit, or up to a third fewer where fewer spans cross.
fn fill(outline: &Outline, widths: &[f32], limit: f32) -> Vec<Range<usize>> {
    let (mut rows, mut start) = (Vec::new(), 0);
    while start < widths.len() {
        let mut right = GAP;
        let rights = widths[start..].iter().map(|width| {
            right += width + GAP;
            right
        });
        let rights: Vec<f32> = rights.take_while(|&right| right <= limit).collect();
        let most = start + rights.len().max(1);
        let end = if most == widths.len() {
            most
        } else {
            let long_enough = rights.iter().filter(|&&right| right < limit * 2.0 / 3.0).count();
            let ends = (start + long_enough + 1).min(most)..=most;
            ends.rev().min_by_key(|&end| crossings(outline, end)).unwrap_or(most)
        };
        rows.push(start..end);
        start = end;
    }
    rows
}

/// Spans above each other, the shorter ones nearer: how far away the far side of each is.
fn stack(spans: &[Span], height: impl Fn(&Span) -> f32) -> Vec<f32> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|&i| spans[i].to - spans[i].from);
    let mut tops = vec![0.0; spans.len()];
    for (n, &i) in order.iter().enumerate() {
        let below =
            order[..n].iter().filter(|&&j| spans[j].is_in(&(spans[i].from..spans[i].to + 1)));
        tops[i] = below.map(|&j| tops[j]).fold(0.0, f32::max) + height(&spans[i]);
    }
    tops
}
