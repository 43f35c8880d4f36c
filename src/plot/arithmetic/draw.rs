//! The figure's marks.

use super::Arithmetic;
use super::axis::Cell;
use super::sum::{is_pixel, text};
use crate::plot::color::mix;
use crate::plot::{Anchor, Canvas, Color, Figure, Font, ink_on, theme};

const INPUT: Color = [178, 210, 240];
const INPUT_TAP: Color = [86, 146, 210];
const ZERO_TAP: Color = [206, 212, 220];
/// An output that is not computed yet, one that is, and the one that is being computed.
const LATER: Color = [238, 247, 240];
const DONE: Color = [170, 216, 182];
const NOW: Color = [38, 140, 86];

/// About how wide both grids are together, if nothing else is asked for.
const WIDTH: f32 = 600.0;
/// The sides of cells, in cells without numbers and with them.
const SIDES: [[f32; 2]; 2] = [[8.0, 28.0], [30.0, 38.0]];
/// Between the grids, in cells.
const BETWEEN: f32 = 3.0;

const CAPTION: Font = Font::new(theme::TEXT);

/// Sums of wider kernels are not written out.
const MOST_TERMS: usize = 9;

/// Where everything is.
struct Plan {
    side: f32,
    /// The left and top of each grid, the middle of each and where the words below start.
    grids: [[f32; 2]; 2],
    middles: [f32; 2],
    below: f32,
    size: [f32; 2],
    number: Font,
    /// The width of the cells' edges.
    line: f32,
}

impl Arithmetic {
    fn plan(&self) -> Plan {
        let input = self.axes.map(|axis| axis.cells().count() as f32);
        let output = self.axes.map(|axis| axis.output as f32);
        let [least, most] = SIDES[usize::from(self.input.is_some())];
        let fitting = (WIDTH / (input[1] + BETWEEN + output[1])).floor();
        let side = self.scale.unwrap_or(fitting.clamp(least, most));
        let captions = self.captions().map(|lines| widest(lines.iter()));
        let columns = [input[1] * side, output[1] * side];
        let columns = [0, 1].map(|i| columns[i].max(captions[i]));
        let lines = self.captions().iter().map(Vec::len).max().unwrap_or(0) as f32;
        let top = theme::MARGIN + theme::TITLE_LINE + lines * theme::LINE + theme::GAP;
        let high = input[0].max(output[0]) * side;
        let left = theme::MARGIN;
        let right = left + columns[0] + BETWEEN * side;
        let middles = [left + columns[0] / 2.0, right + columns[1] / 2.0];
        let grid = |i: usize, [rows, across]: [f32; 2]| {
            // On whole points, so that lines are sharp.
            let place = [middles[i] - across * side / 2.0, top + (high - rows * side) / 2.0];
            place.map(f32::round)
        };
        let below = top + high + theme::GAP;
        let sum = self.sum_lines() as f32 * theme::LINE;
        let sum = if sum > 0.0 { sum + theme::GAP } else { sum };
        let width = (right + columns[1]).max(left + self.words_width()) + theme::MARGIN;
        let size = [width, below + theme::LINE + sum + theme::MARGIN];
        let grids = [grid(0, input), grid(1, output)];
        Plan {
            side,
            grids,
            middles,
            below,
            size,
            number: self.number_font(side),
            line: if side < 14.0 { 0.5 } else { 1.0 },
        }
    }

    /// The lines above the input and the output.
    fn captions(&self) -> [Vec<String>; 2] {
        let size = |of: &dyn Fn(usize) -> usize| format!("{} × {}", of(0), of(1));
        let input = size(&|i| self.axes[i].input);
        let pixels = size(&|i| self.axes[i].pixels().count());
        let padded = size(&|i| self.axes[i].padded().count());
        let mut further = Vec::new();
        if pixels != input {
            further.push(format!("spread to {pixels}"));
        }
        if padded != pixels {
            further.push(format!("padded to {padded}"));
        }
        let output = format!("output {}", size(&|i| self.axes[i].output));
        let further = (!further.is_empty()).then(|| further.join(", "));
        [[format!("input {input}")].into_iter().chain(further).collect(), vec![output]]
    }

    fn sum_lines(&self) -> usize {
        let [rows, columns] = self.axes.map(|axis| axis.kernel);
        let written = self.output.is_some() && rows.max(columns) <= MOST_TERMS;
        if written { rows.div_ceil(self.rows_per_line()) } else { 0 }
    }

    /// The widest that the words above and below can be in any frame.
    fn words_width(&self) -> f32 {
        let title = self.title.width();
        let formula = Canvas::text_width(&self.formula, CAPTION);
        let sum = if self.sum_lines() > 0 {
            let numbers = |numbers: &Option<Vec<f32>>| {
                widest(numbers.iter().flatten().map(|&number| text(number)))
            };
            let signs = Canvas::text_width("()·() + ", CAPTION);
            let term = numbers(&self.input) + numbers(&self.kernel) + signs;
            let around = Canvas::text_width("max() / 100 = ", CAPTION);
            (self.axes[1].kernel * self.rows_per_line()) as f32 * term
                + around
                + numbers(&self.output)
        } else {
            0.0
        };
        title.max(formula).max(sum)
    }

    /// So large that the widest number has room in a cell.
    fn number_font(&self, side: f32) -> Font {
        let numbers = self.input.iter().chain(&self.output).flatten();
        let widest = widest(numbers.map(|&number| text(number)));
        let largest = 0.36 * side;
        let fitting = (side - 4.0) / widest.max(1.0) * theme::TEXT;
        Font::new(largest.min(fitting))
    }

    fn draw_input(&self, canvas: &mut Canvas<'_>, plan: &Plan) {
        let [rows, columns] = self.axes.map(|axis| axis.cells());
        let places = || rows.clone().flat_map(|y| columns.clone().map(move |x| [y, x]));
        let square = |[y, x]: [i64; 2]| {
            let [left, top] = plan.grids[0];
            let (x, y) = ((x - columns.start) as f32, (y - rows.start) as f32);
            [left + x * plan.side, top + y * plan.side, plan.side, plan.side]
        };
        let taps: Vec<([i64; 2], usize)> = self.taps(self.at).concat();
        let is_tap = |at| taps.iter().any(|(tap, _)| *tap == at);
        // Pixels come last: their edges are whole.
        let is_pixel = |at| is_pixel(self.cell(at));
        for at in places().filter(|&at| !is_pixel(at)) {
            let beyond = self.cell(at).contains(&Cell::Beyond);
            if is_tap(at) && !beyond {
                canvas.fill(square(at), ZERO_TAP);
            }
            let color = if beyond { theme::FAINTER } else { theme::FAINT };
            dashed(canvas, square(at), plan.line, color);
        }
        for at in places().filter(|&at| is_pixel(at)) {
            canvas.fill(square(at), if is_tap(at) { INPUT_TAP } else { INPUT });
            canvas.frame(square(at), plan.line, theme::FAINT);
        }
        for at in places() {
            let color = match (is_pixel(at), is_tap(at)) {
                (true, true) => INPUT_TAP,
                (false, true) => ZERO_TAP,
                _ => theme::PAPER,
            };
            let ink = if is_pixel(at) { ink_on(color) } else { theme::FAINT };
            if let Some(number) = self.number(self.cell(at)) {
                self.write(canvas, plan, square(at), number, ink);
            }
        }
        self.write_weights(canvas, &taps, plan, square);
        let [x, y, width, height] = self.window(plan);
        canvas.frame([x, y, width, height], 2.0, theme::INK);
    }

    /// The weights, small in the lower right corners.
    fn write_weights(
        &self,
        canvas: &mut Canvas<'_>,
        taps: &[([i64; 2], usize)],
        plan: &Plan,
        square: impl Fn([i64; 2]) -> [f32; 4],
    ) {
        let Some(kernel) = &self.kernel else { return };
        let words = |weight: f32| format!("×{}", text(weight));
        let widest = widest(kernel.iter().map(|&weight| words(weight)));
        let fitting = (plan.side - 5.0) / widest.max(1.0) * theme::TEXT;
        let font = Font::new((0.27 * plan.side).min(fitting));
        for &(at, weight) in taps {
            let [x, y, side, _] = square(at);
            let place = [x + side - 2.5, y + side - 2.5 - font.size / 2.0];
            canvas.text(&words(kernel[weight]), place, Anchor::End, font, theme::INK);
        }
    }

    /// A number in the middle of a cell; above it, where there may be a weight below.
    fn write(&self, canvas: &mut Canvas<'_>, plan: &Plan, cell: [f32; 4], number: f32, ink: Color) {
        let [x, y, side, _] = cell;
        let down = if self.kernel.is_some() { 0.38 } else { 0.5 };
        let middle = [x + side / 2.0, y + down * side];
        canvas.text(&text(number), middle, Anchor::Middle, plan.number, ink);
    }

    /// The rectangle around the window.
    fn window(&self, plan: &Plan) -> [f32; 4] {
        let [[top, height], [left, width]] = [0, 1].map(|i| {
            let (window, cells) = (self.axes[i].window(self.at[i]), self.axes[i].cells());
            let start = (window.start - cells.start) as f32 * plan.side;
            [plan.grids[0][1 - i] + start, window.count() as f32 * plan.side]
        });
        [left, top, width, height]
    }

    fn draw_output(&self, canvas: &mut Canvas<'_>, plan: &Plan) {
        let [height, width] = self.axes.map(|axis| axis.output);
        let ([left, top], side) = (plan.grids[1], plan.side);
        for at in (0..height).flat_map(|y| (0..width).map(move |x| [y, x])) {
            let [y, x] = at;
            let square = [left + x as f32 * side, top + y as f32 * side, side, side];
            let color = match at.cmp(&self.at) {
                std::cmp::Ordering::Less => DONE,
                std::cmp::Ordering::Equal => NOW,
                std::cmp::Ordering::Greater => LATER,
            };
            canvas.fill(square, color);
            canvas.frame(square, plan.line, theme::FAINT);
            if let Some(output) = self.output.as_ref().filter(|_| at <= self.at) {
                let middle = [square[0] + side / 2.0, square[1] + side / 2.0];
                let number = text(output[y * width + x]);
                canvas.text(&number, middle, Anchor::Middle, plan.number, ink_on(color));
            }
        }
        canvas.frame(self.current(plan), 2.0, theme::INK);
    }

    /// The output that is being computed.
    fn current(&self, plan: &Plan) -> [f32; 4] {
        let ([left, top], [y, x]) = (plan.grids[1], self.at.map(|i| i as f32 * plan.side));
        [left + x, top + y, plan.side, plan.side]
    }
}

impl Figure for Arithmetic {
    fn size(&self) -> [f32; 2] {
        self.plan().size
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let plan = self.plan();
        self.title.draw(canvas);
        for (lines, middle) in self.captions().iter().zip(plan.middles) {
            let colors = [theme::INK, mix(theme::INK, theme::FAINT, 0.7)];
            for (i, (line, color)) in lines.iter().zip(colors).enumerate() {
                let down = theme::MARGIN + theme::TITLE_LINE + (i as f32 + 0.5) * theme::LINE;
                canvas.text(line, [middle, down], Anchor::Middle, CAPTION, color);
            }
        }
        self.draw_input(canvas, &plan);
        self.draw_output(canvas, &plan);
        let ([x, y, width, height], [x2, y2, _, side]) = (self.window(&plan), self.current(&plan));
        let beam = [[x + width, y], [x2, y2], [x2, y2 + side], [x + width, y + height]];
        canvas.polygon(&beam, theme::INK, 0.1);
        for [from, to] in [[beam[0], beam[1]], [beam[3], beam[2]]] {
            canvas.line(&[from, to], 0.75, theme::FAINT);
        }
        let mut write = |line: &str, top: f32| {
            let at = [theme::MARGIN, plan.below + top + theme::LINE / 2.0];
            canvas.text(line, at, Anchor::Start, CAPTION, theme::INK);
        };
        write(&self.formula, 0.0);
        if self.sum_lines() > 0 {
            for (i, line) in self.sum(self.at).iter().enumerate() {
                write(line, theme::GAP + (i as f32 + 1.0) * theme::LINE);
            }
        }
    }
}

/// Edges that meet those of neighbours dash by dash.
fn dashed(canvas: &mut Canvas<'_>, [x, y, w, h]: [f32; 4], width: f32, color: Color) {
    for y in [y, y + h] {
        canvas.dashed(&[[x, y], [x + w, y]], 2.0, width, color);
    }
    for x in [x, x + w] {
        canvas.dashed(&[[x, y], [x, y + h]], 2.0, width, color);
    }
}

fn widest(lines: impl Iterator<Item = impl AsRef<str>>) -> f32 {
    lines.map(|line| Canvas::text_width(line.as_ref(), CAPTION)).fold(0.0, f32::max)
}
