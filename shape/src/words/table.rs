//! The table of shapes: how the input came to be what arrives at the mistake. Blocks look as they
//! are written.

use super::arithmetic::arithmetic;
use super::headline::dims;
use super::place::{Place, prefix};
use super::takes::takes;
use crate::{Block, Join, Mistake, Network, Path, Problem, Shape, Step, StepKind, Text};

/// With headline, help and the compiler's own lines a message has 30 lines at most. So more rows
/// than this before a mistake are cut,
const MOST_ROWS: usize = 14;
/// to so many of them, and those behind the mistake.
const ROWS_BEFORE: usize = 8;
const ROWS_BEHIND: usize = 2;

/// Documentation has more room.
const MOST_ROWS_OF_ALL: usize = 40;

/// Whether how the input came about has anything to do with the mistake.
pub(super) const fn explains(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Features { .. }
            | Problem::Channels { .. }
            | Problem::NotFeatures { .. }
            | Problem::NotAnImage { .. }
            | Problem::NotASequence { .. }
            | Problem::AnImage { .. }
            | Problem::NothingLeft { .. }
            | Problem::Network { .. }
            | Problem::Expected { .. }
            | Problem::KernelTooLarge { .. }
            | Problem::GroupsInput { .. }
            | Problem::Reshape { .. }
            | Problem::Overflow
            | Problem::Branches { .. }
            | Problem::Repeat { .. }
            | Problem::Varies { .. }
    )
}

/// The rows up to the mistake, and the mistaken step behind an arrow.
pub(super) const fn write(t: &mut Text, place: &Place, mistake: &Mistake) {
    let start = mistake.start;
    if start.is_example() {
        t.str("`").str(place.network.name).str("` takes ");
        dims(t, place.network.input);
        t.str(", for example:\n\n");
    }
    let mut table = Table::new(place.network, INDENT);
    table.list(t, None, [0, 0], place.network.steps, start);
    if place.step().is_some() {
        table.measure(&place.path, tail(place, mistake));
        table.measure_behind(&place.path);
    }
    table.write(t, start);
    t.str(ARROW);
    if place.step().is_none() {
        t.str("output").pad_to(table.shapes);
    } else {
        table.head(t, &place.path, tail(place, mistake));
    }
    takes(t, place, mistake);
    if table.skip > 0 {
        table.behind(t, place);
    }
}

/// The row of a mistake of a block comes at its end.
const fn tail<'a>(place: &Place<'a>, mistake: &Mistake) -> &'a str {
    match (place.kind(), mistake.problem) {
        (Some(StepKind::Block(_)), Problem::Branches { .. } | Problem::Repeat { .. }) => "}",
        (Some(kind), _) => kind.name(),
        (None, _) => "output",
    }
}

const INDENT: &str = "  ";
const ARROW: &str = "→ ";

const PARAMETERS: &str = "parameters";

/// All rows with their parameters, up to a mistake.
pub(super) const fn rows(t: &mut Text, network: &Network, start: Shape) {
    let mut table = Table::new(network, "");
    (table.most, table.before) = (MOST_ROWS_OF_ALL, MOST_ROWS_OF_ALL);
    table.parameters = PARAMETERS.len();
    table.list(t, None, [0, 0], network.steps, start);
    table.write(t, start);
}

/// Rows are gone through twice: to measure the columns, then to write.
struct Table<'a> {
    network: &'a Network<'a>,
    indent: &'static str,
    writing: bool,
    rows: usize,
    /// With more rows than `most` only the last `before` are shown,
    most: usize,
    before: usize,
    /// and so many at the start are left out.
    skip: usize,
    /// The widths of the columns of names and of layers, with a gap after each; then the columns
    /// in which shapes and arithmetic start.
    names: usize,
    layers: usize,
    shapes: usize,
    arithmetic: usize,
    /// The width of the column of parameters between them, if there is one.
    parameters: usize,
}

impl<'a> Table<'a> {
    const fn new(network: &'a Network<'a>, indent: &'static str) -> Self {
        Table {
            network,
            indent,
            writing: false,
            rows: 0,
            most: MOST_ROWS,
            before: ROWS_BEFORE,
            skip: 0,
            names: 7,
            layers: 2,
            shapes: 0,
            arithmetic: 0,
            parameters: 0,
        }
    }

    /// Writes the input and all rows that have been measured.
    const fn write(&mut self, t: &mut Text, start: Shape) {
        if let Some(0) | None = start.numel() {
            return;
        }
        self.writing = true;
        self.skip = if self.rows > self.most { self.rows - self.before } else { 0 };
        self.rows = 0;
        self.shapes = self.indent.len() + self.names + self.layers;
        let width = width(start);
        if width > self.arithmetic {
            self.arithmetic = width;
        }
        self.arithmetic += self.shapes + 2;
        t.str(self.indent).str("input").pad_to(self.shapes).dims(start.dims());
        if self.parameters > 0 {
            t.pad_to(self.arithmetic).str(PARAMETERS);
            self.arithmetic += self.parameters + 2;
        }
        t.str("\n");
        if self.skip > 0 {
            t.str(self.indent).str("⋮\n");
        }
        self.list(t, None, [0, 0], self.network.steps, start);
    }

    /// The rows of a list of steps in the given branch and round of the block `above`. `None` if
    /// they end at a mistake.
    const fn list(
        &mut self,
        t: &mut Text,
        above: Option<Path>,
        [branch, round]: [usize; 2],
        list: &[Step],
        x: Shape,
    ) -> Option<Shape> {
        let (mut x, mut i) = (x, 0);
        while i < list.len() {
            let path = match above {
                Some(above) => above.into(branch, round, i),
                None => Path::to(i),
            };
            if let StepKind::Block(block) = list[i].kind
                && self.block(t, &path, &block, x).is_none()
            {
                return None;
            }
            let Some(y) = list[i].output(x) else { return None };
            match list[i].kind {
                StepKind::Block(_) => self.row(t, &path, "}", Some(y)),
                kind => self.row(t, &path, kind.name(), Some(y)),
            }
            self.count(t, &list[i], x);
            if let StepKind::Layer(layer) = list[i].kind
                && self.writing
                && self.rows > self.skip
            {
                arithmetic(t, layer, x, y, self.arithmetic);
            }
            self.end(t);
            x = y;
            i += 1;
        }
        Some(x)
    }

    /// The parameters of a layer or network that has some, at the right of their column.
    const fn count(&self, t: &mut Text, step: &Step, input: Shape) {
        let shown = self.writing && self.rows > self.skip && self.parameters > 0;
        if !shown || matches!(step.kind, StepKind::Block(_)) {
            return;
        }
        let n = step.parameters(input);
        if n > 0 {
            t.pad_to((self.arithmetic - 2).saturating_sub(digits(n))).num(n);
        }
    }

    /// Makes room for the steps that follow a mistake, if they will be shown.
    const fn measure_behind(&mut self, path: &Path) {
        if self.rows <= self.most {
            return;
        }
        let list = self.network.list(path);
        let last = path.level(path.len() - 1).index;
        let mut i = last + 1;
        while i < list.len() && i <= last + ROWS_BEHIND {
            self.measure(&path.beside(i), list[i].kind.name());
            i += 1;
        }
    }

    /// The steps that follow a mistake; what they would give is not known.
    const fn behind(&self, t: &mut Text, place: &Place) {
        let list = self.network.list(&place.path);
        let last = place.path.level(place.path.len() - 1).index;
        let mut i = last + 1;
        while i < list.len() && i <= last + ROWS_BEHIND {
            t.trim().str("\n").str(self.indent);
            self.head(t, &place.path.beside(i), list[i].kind.name());
            t.trim();
            i += 1;
        }
        if i < list.len() || place.path.len() > 1 {
            t.str("\n").str(self.indent).str("⋮");
        }
    }

    /// The rows within a block.
    const fn block(&mut self, t: &mut Text, path: &Path, block: &Block, x: Shape) -> Option<()> {
        let (mut x, mut round) = (x, 0);
        if let Join::Repeat(rounds) = block.join {
            // The round of a mistake, else the first.
            let (mut y, mut i) = (x, 0);
            while i < rounds {
                match crate::walk::steps(block.branches[0], y, y) {
                    Ok(z) if z.same(&y) => break,
                    Ok(z) => y = z,
                    Err(_) => {
                        (x, round) = (y, i);
                        break;
                    }
                }
                i += 1;
            }
        }
        let mut heading = Text::new();
        match block.join {
            Join::Chain => heading.str("{"),
            Join::Repeat(n) => heading.str("Repeat<").num(n).str("> {"),
            join => heading.str(join.name()).str(" {"),
        };
        self.row(t, path, heading.as_str(), None);
        if round > 0 && self.writing && self.rows > self.skip {
            t.str("round ").num(round + 1);
        }
        self.end(t);
        let mut branch = 0;
        while branch < block.branches.len() {
            if branch > 0 {
                let between = if let Join::Shortcut = block.join { "} shortcut {" } else { "}, {" };
                self.row(t, path, between, None);
                self.end(t);
            }
            if self.list(t, Some(*path), [branch, round], block.branches[branch], x).is_none() {
                return None;
            }
            branch += 1;
        }
        Some(())
    }

    /// A row without its end, for the step or a line of the block that the path leads to.
    const fn row(&mut self, t: &mut Text, path: &Path, layer: &str, shape: Option<Shape>) {
        self.rows += 1;
        if !self.writing {
            self.measure(path, layer);
            if let Some(shape) = shape
                && width(shape) > self.arithmetic
            {
                self.arithmetic = width(shape);
            }
        } else if self.rows > self.skip {
            t.str(self.indent);
            self.head(t, path, layer);
            if let Some(shape) = shape {
                t.dims(shape.dims());
            }
        }
    }

    const fn end(&self, t: &mut Text) {
        if self.writing && self.rows > self.skip {
            t.trim().str("\n");
        }
    }

    /// Makes room for a row.
    const fn measure(&mut self, path: &Path, layer: &str) {
        let name = self.name(path, layer).column() + 2;
        if name > self.names {
            self.names = name;
        }
        let layer = 2 * (path.len() - 1) + layer.len() + 2;
        if layer > self.layers {
            self.layers = layer;
        }
    }

    /// The columns of names and of layers.
    const fn head(&self, t: &mut Text, path: &Path, layer: &str) {
        t.str(self.name(path, layer).as_str()).pad_to(self.indent.len() + self.names);
        let mut depth = 1;
        while depth < path.len() {
            t.str("  ");
            depth += 1;
        }
        t.str(layer).pad_to(self.shapes);
    }

    /// The name of the step, on the first row of a block.
    const fn name(&self, path: &Path, layer: &str) -> Text {
        let mut name = Text::new();
        if let Some(step) = self.network.step(path)
            && !step.name.is_empty()
            && layer.as_bytes()[0] != b'}'
        {
            prefix(&mut name, self.network, path);
            name.str(step.name);
        }
        name
    }
}

/// Of a shape, in characters.
const fn width(shape: Shape) -> usize {
    let (mut width, mut d) = (2 * shape.rank(), 0);
    while d < shape.rank() {
        width += digits(shape.dim(d));
        d += 1;
    }
    width
}

const fn digits(n: usize) -> usize {
    let (mut n, mut digits) = (n, 1);
    while n >= 10 {
        n /= 10;
        digits += 1;
    }
    digits
}
