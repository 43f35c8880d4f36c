//! Lines over axes.

use super::axis::Axis;
use super::title::Title;
use super::{Anchor, Canvas, Color, Figure, Font, class_color, theme};

const LABEL: Font = Font::new(theme::TEXT);

/// Width and height of what the axes enclose, in points.
const AREA: [f32; 2] = [380.0, 220.0];

/// Width of the lines.
const WIDTH: f32 = 1.8;

/// Curves such as the losses of a training, with axes and a legend.
///
/// ```
/// use shapewright::plot::{Curves, Figure};
///
/// let falling = (0..50).map(|step| (f64::from(step), 0.9f64.powi(step)));
/// Curves::new()
///     .line("loss", falling)
///     .x_label("step")
///     .log_y()
///     .save(std::env::temp_dir().join("shapewright-loss.png"))?;
/// # Ok::<_, shapewright::plot::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Curves {
    lines: Vec<Line>,
    x_label: String,
    y_label: String,
    title: Title,
    logarithmic: bool,
}

#[derive(Clone, Debug)]
struct Line {
    name: String,
    points: Vec<(f64, f64)>,
}

impl Curves {
    /// Without lines yet.
    pub fn new() -> Self {
        Curves::default()
    }

    /// Adds a line through points `(x, y)`. Where a number is not finite, it breaks off.
    #[must_use]
    pub fn line(
        mut self,
        name: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
    ) -> Self {
        let points = points.into_iter().collect();
        self.lines.push(Line { name: name.into(), points });
        self
    }

    /// What is along the bottom.
    #[must_use]
    pub fn x_label(mut self, label: impl Into<String>) -> Self {
        self.x_label = label.into();
        self
    }

    /// What is along the side.
    #[must_use]
    pub fn y_label(mut self, label: impl Into<String>) -> Self {
        self.y_label = label.into();
        self
    }

    /// A line above it.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Title::new(title);
        self
    }

    /// Powers of ten at equal distances along the side; what is not above zero breaks the line.
    #[must_use]
    pub fn log_y(mut self) -> Self {
        self.logarithmic = true;
        self
    }

    /// The loss on the training and on the test samples, epoch by epoch.
    #[cfg(feature = "train")]
    pub fn training(history: &[crate::train::Epoch]) -> Self {
        let points = |loss: fn(&crate::train::Epoch) -> f64| {
            history.iter().map(move |epoch| (epoch.number as f64, loss(epoch)))
        };
        Curves::new()
            .line("train", points(|epoch| epoch.train.loss))
            .line("test", points(|epoch| epoch.test.loss))
            .x_label("epoch")
            .y_label("loss")
    }

    /// A metric, such as `accuracy`, on the training and on the test samples, epoch by epoch.
    ///
    /// # Errors
    ///
    /// If an epoch has no metric of that name.
    #[cfg(feature = "train")]
    pub fn metric(history: &[crate::train::Epoch], name: &str) -> Result<Self, super::Error> {
        let (mut train, mut test) = (Vec::new(), Vec::new());
        for epoch in history {
            let place = epoch.metrics.iter().position(|own| own == name);
            let Some(i) = place else {
                let there = epoch.metrics.join(", ");
                let sentence = format!("no metric `{name}`; there are: {there}");
                return Err(super::Error::Invalid(sentence));
            };
            let at = |scores: &crate::train::Scores| {
                (epoch.number as f64, scores.metrics.get(i).copied().unwrap_or(f64::NAN))
            };
            train.push(at(&epoch.train));
            test.push(at(&epoch.test));
        }
        let curves = Curves::new().line("train", train).line("test", test);
        Ok(curves.x_label("epoch").y_label(name))
    }
}

impl Curves {
    fn axes(&self) -> [Axis; 2] {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let (x, y) = (points().map(|point| point.0), points().map(|point| point.1));
        let y = if self.logarithmic { Axis::logarithmic(y) } else { Axis::of(y, 6) };
        [Axis::of(x, 6), y]
    }

    /// The corner of the area that the axes enclose.
    fn corner(&self) -> [f32; 2] {
        let [_, y] = self.axes();
        let ticks = y.ticks().into_iter().map(|(_, label)| Canvas::text_width(&label, LABEL));
        let label = if self.y_label.is_empty() { 0.0 } else { theme::LINE };
        let left = theme::MARGIN + label + ticks.fold(0.0, f32::max) + theme::GAP;
        [left.ceil(), self.title.height() + theme::LINE]
    }

    fn draw_axes(&self, canvas: &mut Canvas<'_>, [x, y]: &[Axis; 2]) {
        let ([left, top], [width, height]) = (self.corner(), AREA);
        for (share, label) in x.ticks() {
            let at = left + share as f32 * width;
            canvas.line(&[[at, top], [at, top + height]], 0.75, theme::FAINTER);
            let below = [at, top + height + theme::LINE / 2.0 + 2.0];
            canvas.text(&label, below, Anchor::Middle, LABEL, theme::INK);
        }
        for (share, label) in y.ticks() {
            let at = top + (1.0 - share as f32) * height;
            canvas.line(&[[left, at], [left + width, at]], 0.75, theme::FAINTER);
            let before = [left - theme::GAP, at];
            canvas.text(&label, before, Anchor::End, LABEL, theme::INK);
        }
        canvas.line(&[[left, top], [left, top + height]], 1.0, theme::FAINT);
        canvas.line(&[[left, top + height], [left + width, top + height]], 1.0, theme::FAINT);
        let at = [theme::MARGIN + theme::TEXT / 2.0, top + height / 2.0];
        canvas.text_upwards(&self.y_label, at, LABEL, theme::INK);
        let at = [left + width / 2.0, top + height + 1.5 * theme::LINE + 4.0];
        canvas.text(&self.x_label, at, Anchor::Middle, LABEL, theme::INK);
    }

    /// The lines' names above the area, each behind a piece of its line.
    fn draw_legend(&self, canvas: &mut Canvas<'_>) {
        let [mut x, top] = self.corner();
        let y = top - theme::LINE / 2.0 - 2.0;
        for (i, line) in self.lines.iter().enumerate() {
            canvas.line(&[[x, y], [x + 18.0, y]], WIDTH, class_color(i));
            canvas.text(&line.name, [x + 23.0, y], Anchor::Start, LABEL, theme::INK);
            x += 23.0 + Canvas::text_width(&line.name, LABEL) + 2.0 * theme::GAP;
        }
    }
}

impl Figure for Curves {
    fn size(&self) -> [f32; 2] {
        let ([left, top], [width, height]) = (self.corner(), AREA);
        let names = self.lines.iter().map(|line| Canvas::text_width(&line.name, LABEL));
        let legend: f32 = names.map(|name| 23.0 + name + 2.0 * theme::GAP).sum();
        let label = if self.x_label.is_empty() { 0.0 } else { theme::LINE };
        let right = (left + width.max(legend)).max(theme::MARGIN + self.title.width());
        // The last tick's label reaches over the end.
        [right + 1.5 * theme::MARGIN, top + height + theme::LINE + label + theme::MARGIN]
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        self.title.draw(canvas);
        let axes = self.axes();
        self.draw_axes(canvas, &axes);
        self.draw_legend(canvas);
        let mut area = canvas.part(self.corner(), AREA);
        for (i, line) in self.lines.iter().enumerate() {
            draw_line(&mut area, line, &axes, class_color(i));
        }
    }
}

/// Draws the pieces of a line between points that have no place; a single point is a dot.
fn draw_line(area: &mut Canvas<'_>, line: &Line, [x, y]: &[Axis; 2], color: Color) {
    let [width, height] = AREA;
    let place = |&(px, py): &(f64, f64)| {
        Some([x.share(px)? as f32 * width, (1.0 - y.share(py)? as f32) * height])
    };
    let places: Vec<Option<[f32; 2]>> = line.points.iter().map(place).collect();
    for piece in places.split(Option::is_none) {
        let points: Vec<[f32; 2]> = piece.iter().flatten().copied().collect();
        match *points {
            [] => {}
            [point] => area.disc(point, WIDTH, color),
            _ => area.line(&points, WIDTH, color),
        }
    }
}
