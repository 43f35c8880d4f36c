//! What would help: changes that compile.

use super::headline;
use super::place::Place;
use crate::{
    Axis, Claim, Join, Layer, Mistake, Pool1d, Pool2d, Problem, Shape, StepKind, Text, Window,
};

pub(super) const fn write(t: &mut Text, place: &Place, mistake: &Mistake) {
    let mut help = Help { t, some: false };
    match mistake.problem {
        Problem::Features { claimed, got } => {
            if let Some(StepKind::Layer(Layer::Linear(linear))) = place.kind() {
                let out = linear.out_features;
                help.line("write `Linear(").num(got).str(" -> ").num(out);
                help.t.str(")`, or let it be inferred: `Linear(").num(out).str(")`");
            }
            if let Some(input) = input_that_gives(place, mistake.start, claimed) {
                help.line("or declare the input as ").dims(input.dims());
                help.t.str(", for which ").num(claimed).str(" is right");
            }
            if let Some(side) = side_that_gives(place, mistake.start, claimed) {
                help.line("or bring the feature map to ").num(side).str(" × ").num(side);
                help.t.str(" first with `AdaptiveAvgPool2d(").num(side).str(")`");
            }
        }
        Problem::Channels { got, .. } => {
            if let Some(kind) = place.kind()
                && let Some(out) = out_channels(kind)
            {
                let name = kind.name();
                help.line("write `").str(name).str("(").num(got).str(" -> ").num(out);
                help.t.str(", …)`, or let it be inferred: `").str(name).str("(");
                help.t.num(out).str(", …)`");
            }
        }
        Problem::NotFeatures { .. } => {
            help.line("put a `Flatten` before it");
        }
        Problem::NotAnImage { input }
            if input.rank() == 2
                && let Some(twin) = twin(place) =>
        {
            help.line("for sequences there is `").str(twin).str("`");
        }
        Problem::NotAnImage { .. } => {
            let mut at = *place;
            while let Some(giver) = at.giver() {
                match giver.kind() {
                    Some(StepKind::Layer(Layer::Flatten)) => {
                        help.line("move it before the `Flatten`");
                        break;
                    }
                    Some(StepKind::Layer(Layer::AdaptivePool2d(pool))) if pool.output.is_none() => {
                        help.line("to keep an image, [channels, 1, 1], pool with `Adaptive");
                        help.t.str(pool.kind.word()).str("Pool2d(1)`");
                        break;
                    }
                    _ => {}
                }
                at = giver;
            }
            if !help.some {
                help.line("declare an image as the input, such as [3, 32, 32]");
            }
        }
        Problem::NotASequence { input } => match twin(place) {
            Some(twin) if input.rank() == 3 => {
                help.line("for images there is `").str(twin).str("`");
            }
            _ if after_flatten(place) => {
                help.line("move it before the `Flatten`");
            }
            _ => {
                help.line("declare a sequence as the input, such as [3, 100]");
            }
        },
        Problem::KernelTooLarge { window, input, pad_lo, pad_hi } => {
            kernel(&mut help, &window, input, pad_lo + pad_hi);
        }
        Problem::GroupsInput { channels, .. } => {
            divisors(&mut help, channels, place, mistake.input);
        }
        Problem::GroupsOutput { channels, .. } => {
            divisors(&mut help, channels, place, mistake.input);
        }
        Problem::PoolPadding { kernel, .. } => {
            help.line("PyTorch's limit, too: at most `padding = ").num(kernel / 2).str("`");
        }
        Problem::Expected { got, .. } => {
            let output = place.step().is_none();
            help.line(if output { "write `-> " } else { "write `=> " });
            headline::dims(help.t, open_where_it_varies(got));
            help.t.str("`");
            if output && !got.is_example() {
                help.t.str(", or let it be inferred with `_`");
            }
        }
        Problem::Branches { join, first, other, .. } => branches(&mut help, join, first, other),
        Problem::Repeat { .. } => {
            help.line("let the block give as many channels as it takes, or write the steps out");
        }
        Problem::Varies { .. } => {
            help.line("bring the image to one size first, such as with `AdaptiveAvgPool2d(5)`");
            help.t.str(" or `GlobalAvgPool2d`");
        }
        Problem::Network { got, .. } if got.is_example() => {
            place.label(help.line(""));
            help.t.str(" is for one size; declare it for any, as this network: `for<H, W>`");
        }
        Problem::AnImage { .. } => {
            help.line("for images there is `BatchNorm2d`");
        }
        Problem::OutputPadding { stride, dilation, .. } => {
            let most = if stride > dilation { stride } else { dilation };
            help.line("at most `output_padding = ").num(most - 1).str("`");
        }
        Problem::NothingLeft { painted, .. } => {
            help.line("the padding before and after may be ").num(painted - 1);
            help.t.str(" together");
        }
        Problem::OpenDimensions { .. } => {
            help.line("leave one `_` at most");
        }
        Problem::Reshape { input, .. } => {
            if let Some(n) = input.numel() {
                help.line("give dimensions whose product is ").num(n);
                help.t.str(", or leave one to be inferred with `_`");
            }
        }
        Problem::DropoutProbability => {
            if let Some(StepKind::Layer(Layer::Dropout2d(_))) = place.kind() {
                help.line("`Dropout2d(0.5)` zeroes half of the channels in training");
            } else {
                help.line("`Dropout(0.5)` zeroes half of the elements in training");
            }
        }
        _ => {}
    }
}

/// `[8, _, _]` of an example whose height and width are open.
const fn open_where_it_varies(shape: Shape) -> Claim {
    let mut dims = [None; 3];
    let mut i = 0;
    while i < shape.rank() {
        if !shape.varies()[i] {
            dims[i] = Some(shape.dim(i));
        }
        i += 1;
    }
    match shape.rank() {
        3 => Claim::image(dims[0], dims[1], dims[2]),
        2 => Claim::sequence(dims[0], dims[1]),
        _ => Claim::features(dims[0]),
    }
}

struct Help<'a> {
    t: &'a mut Text,
    some: bool,
}

impl Help<'_> {
    const fn line(&mut self, s: &str) -> &mut Text {
        self.t.str(if self.some { "\n      " } else { "\n\nhelp: " });
        self.some = true;
        self.t.str(s)
    }
}

/// The square image, as near in size to the declared input as can be, for which `claimed`
/// features arrive at step `i`; of neighbours that all will do, the smallest, which drops the
/// fewest rows.
const fn input_that_gives(place: &Place, start: Shape, claimed: usize) -> Option<Shape> {
    // Of a network within this one the input is not for the user to choose.
    if start.rank() != 3 || start.is_example() || place.is_inside() {
        return None;
    }
    // Few enough sizes for const evaluation, which counts its steps.
    let center = start.dim(1);
    let mut distance = 1;
    while distance <= 256 {
        if center > distance && arrives(place, start, center - distance, claimed) {
            let mut size = center - distance;
            while size > 1 && arrives(place, start, size - 1, claimed) {
                size -= 1;
            }
            return Some(square(start, size));
        }
        if arrives(place, start, center + distance, claimed) {
            return Some(square(start, center + distance));
        }
        distance += 1;
    }
    None
}

/// The side of the square that gives `claimed` features, if the image of a `Flatten` before the
/// step were brought to it; activations and dropout may stand between.
const fn side_that_gives(place: &Place, start: Shape, claimed: usize) -> Option<usize> {
    let mut at = *place;
    loop {
        at = match at.giver() {
            Some(giver) => giver,
            None => return None,
        };
        match at.kind() {
            Some(StepKind::Layer(Layer::Flatten)) => break,
            Some(StepKind::Layer(
                Layer::Activation(_) | Layer::Dropout(_) | Layer::Dropout2d(_),
            )) => {}
            _ => return None,
        }
    }
    let Some(image) = place.network.arrival(start, &at.path) else { return None };
    if image.rank() != 3 || !claimed.is_multiple_of(image.dim(0)) {
        return None;
    }
    let area = claimed / image.dim(0);
    let side = area.isqrt();
    if side > 0 && side * side == area { Some(side) } else { None }
}

const fn square(start: Shape, size: usize) -> Shape {
    Shape::image(start.dim(0), size, size)
}

/// Whether a square image of this size gives `features` at the step.
const fn arrives(place: &Place, start: Shape, size: usize, features: usize) -> bool {
    match place.network.arrival(square(start, size), &place.path) {
        Some(x) => x.rank() == 1 && x.dim(0) == features,
        None => false,
    }
}

/// What brings the input of a `Residual` to what its block gives, or the branches to one size.
const fn branches(help: &mut Help, join: Join, first: Shape, other: Shape) {
    if let Join::Residual = join
        && first.rank() == 3
        && other.rank() == 3
    {
        let mut stride = 1;
        while stride <= 8 {
            if (first.dim(1) - 1) / stride + 1 == other.dim(1)
                && (first.dim(2) - 1) / stride + 1 == other.dim(2)
            {
                help.line("bring the input there, too: `shortcut { Conv2d(").num(other.dim(0));
                help.t.str(", kernel = 1");
                if stride > 1 {
                    help.t.str(", stride = ").num(stride);
                }
                help.t.str(") }` after the block");
                break;
            }
            stride += 1;
        }
    }
    if first.rank() > 1 && first.rank() == other.rank() {
        let same = first.dim(1) == other.dim(1) && first.dim(2) == other.dim(2);
        if !same && !help.some {
            help.line("a stride of 1 and `padding = same` keep the height and width");
        }
    }
}

const fn kernel(help: &mut Help, window: &Window, input: usize, padding: usize) {
    let room = input + padding;
    if window.dilation > 1 && room >= window.kernel {
        let most = if window.kernel > 1 { (room - 1) / (window.kernel - 1) } else { 1 };
        help.line("at most `dilation = ").num(most).str("` fits here, or ");
        help.t.str("`kernel = ").num((room - 1) / window.dilation + 1).str("`");
    } else {
        help.line("at most `kernel = ").num((room - 1) / window.dilation + 1).str("` fits here");
    }
    let short = window.dilation * (window.kernel - 1) + 1 - room;
    help.line("or pad the ").str(match window.axis {
        Axis::Height => "height",
        Axis::Width => "width",
        Axis::Length => "length",
    });
    help.t.str(" by ").num(short).str(" more, or use fewer pools and strides before it");
}

/// The groups that divide both channel counts.
const fn divisors(help: &mut Help, channels: usize, place: &Place, input: Shape) {
    let outputs = match place.kind() {
        Some(kind) => out_channels(kind),
        None => None,
    };
    let Some(outputs) = outputs else { return divisors_of(help, channels) };
    let input = if input.rank() > 1 { input.dim(0) } else { channels };
    help.line("`groups` must divide both ").num(input).str(" and ").num(outputs);
    help.t.str(": 1");
    let mut g = 2;
    while g <= input && g <= outputs && g <= 4096 {
        if input.is_multiple_of(g) && outputs.is_multiple_of(g) {
            help.t.str(", ").num(g);
        }
        g += 1;
    }
}

/// The groups that divide the channels of a normalisation.
const fn divisors_of(help: &mut Help, channels: usize) {
    help.line("the groups must divide ").num(channels).str(": 1");
    let mut g = 2;
    while g <= channels && g <= 4096 {
        if channels.is_multiple_of(g) {
            help.t.str(", ").num(g);
        }
        g += 1;
    }
}

/// The layer that does to sequences what this one does to images, or the other way round.
const fn twin(place: &Place) -> Option<&'static str> {
    let Some(StepKind::Layer(layer)) = place.kind() else { return None };
    match layer {
        Layer::Conv2d(_) => Some("Conv1d"),
        Layer::Conv1d(_) => Some("Conv2d"),
        Layer::Pool2d(Pool2d { kind, .. }) => Some(Pool1d { kind, ..Pool1d::max(1) }.name()),
        Layer::Pool1d(pool) => Some(pool.image().name()),
        _ => None,
    }
}

/// Whether there is a `Flatten` before this place.
const fn after_flatten(place: &Place) -> bool {
    let mut at = *place;
    while let Some(giver) = at.giver() {
        if let Some(StepKind::Layer(Layer::Flatten)) = giver.kind() {
            return true;
        }
        at = giver;
    }
    false
}

/// Of a convolution, transposed or not.
const fn out_channels(kind: StepKind) -> Option<usize> {
    match kind {
        StepKind::Layer(Layer::Conv2d(conv)) => Some(conv.out_channels),
        StepKind::Layer(Layer::Conv1d(conv)) => Some(conv.out_channels),
        StepKind::Layer(Layer::ConvTranspose2d(conv)) => Some(conv.out_channels),
        _ => None,
    }
}
