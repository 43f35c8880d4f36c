//! What would help: changes that compile.

use super::previous_layer;
use crate::{
    Axis, Layer, Mistake, Network, Pool1d, Pool2d, Problem, Shape, StepKind, Text, Window,
};

pub(super) const fn write(t: &mut Text, network: &Network, mistake: &Mistake) {
    let mut help = Help { t, some: false };
    match mistake.problem {
        Problem::Features { claimed, got } => {
            if let StepKind::Layer(Layer::Linear(linear)) = network.steps[mistake.step].kind {
                let out = linear.out_features;
                help.line("write `Linear(").num(got).str(" -> ").num(out);
                help.t.str(")`, or let it be inferred: `Linear(").num(out).str(")`");
            }
            if let Some(input) = input_that_gives(network, mistake.step, claimed) {
                help.line("or declare the input as ").dims(input.dims());
                help.t.str(", for which ").num(claimed).str(" is right");
            }
            if let Some(side) = side_that_gives(network, mistake.step, claimed) {
                help.line("or bring the feature map to ").num(side).str(" × ").num(side);
                help.t.str(" first with `AdaptiveAvgPool2d(").num(side).str(")`");
            }
        }
        Problem::Channels { got, .. } => {
            let kind = network.steps[mistake.step].kind;
            if let Some(out) = out_channels(kind) {
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
                && let Some(twin) = twin(network.steps[mistake.step].kind) =>
        {
            help.line("for sequences there is `").str(twin).str("`");
        }
        Problem::NotAnImage { .. } => {
            let mut j = mistake.step;
            while let Some(i) = previous_layer(network, j) {
                match network.steps[i].kind {
                    StepKind::Layer(Layer::Flatten) => {
                        help.line("move it before the `Flatten`");
                        break;
                    }
                    StepKind::Layer(Layer::AdaptivePool2d(pool)) if pool.output.is_none() => {
                        help.line("to keep an image, [channels, 1, 1], pool with `Adaptive");
                        help.t.str(pool.kind.word()).str("Pool2d(1)`");
                        break;
                    }
                    _ => {}
                }
                j = i;
            }
            if !help.some {
                help.line("declare an image as the input, such as [3, 32, 32]");
            }
        }
        Problem::NotASequence { input } => match twin(network.steps[mistake.step].kind) {
            Some(twin) if input.rank() == 3 => {
                help.line("for images there is `").str(twin).str("`");
            }
            _ if after_flatten(network, mistake.step) => {
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
            divisors(&mut help, channels, network, mistake.step);
        }
        Problem::GroupsOutput { channels, .. } => {
            divisors(&mut help, channels, network, mistake.step);
        }
        Problem::PoolPadding { kernel, .. } => {
            help.line("PyTorch's limit, too: at most `padding = ").num(kernel / 2).str("`");
        }
        Problem::Expected { got, .. } => {
            let output = mistake.step == network.steps.len();
            help.line(if output { "write `-> " } else { "write `=> " }).dims(got.dims()).str("`");
            if output {
                help.t.str(", or let it be inferred with `_`");
            }
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
            if let StepKind::Layer(Layer::Dropout2d(_)) = network.steps[mistake.step].kind {
                help.line("`Dropout2d(0.5)` zeroes half of the channels in training");
            } else {
                help.line("`Dropout(0.5)` zeroes half of the elements in training");
            }
        }
        _ => {}
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
const fn input_that_gives(network: &Network, i: usize, claimed: usize) -> Option<Shape> {
    if network.input.rank() != 3 {
        return None;
    }
    // Few enough sizes for const evaluation, which counts its steps.
    let center = network.input.dim(1);
    let mut distance = 1;
    while distance <= 256 {
        if center > distance && arrives(network, center - distance, i, claimed) {
            let mut size = center - distance;
            while size > 1 && arrives(network, size - 1, i, claimed) {
                size -= 1;
            }
            return Some(square(network, size));
        }
        if arrives(network, center + distance, i, claimed) {
            return Some(square(network, center + distance));
        }
        distance += 1;
    }
    None
}

/// The side of the square that gives `claimed` features, if the image of a `Flatten` before step
/// `i` were brought to it; activations and dropout may stand between.
const fn side_that_gives(network: &Network, i: usize, claimed: usize) -> Option<usize> {
    let mut j = i;
    while j > 0 {
        j -= 1;
        match network.steps[j].kind {
            StepKind::Layer(Layer::Flatten) => break,
            StepKind::Layer(Layer::Activation(_) | Layer::Dropout(_) | Layer::Dropout2d(_)) => {}
            _ => return None,
        }
    }
    let Ok(image) = network.shape_at(j) else { return None };
    if image.rank() != 3 || !claimed.is_multiple_of(image.dim(0)) {
        return None;
    }
    let area = claimed / image.dim(0);
    let side = area.isqrt();
    if side > 0 && side * side == area { Some(side) } else { None }
}

const fn square(network: &Network, size: usize) -> Shape {
    Shape::image(network.input.dim(0), size, size)
}

/// Whether a square image of this size gives `features` at step `i`.
const fn arrives(network: &Network, size: usize, i: usize, features: usize) -> bool {
    match network.with_input(square(network, size)).shape_at(i) {
        Ok(x) => x.rank() == 1 && x.dim(0) == features,
        Err(_) => false,
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
const fn divisors(help: &mut Help, channels: usize, network: &Network, i: usize) {
    let Some(outputs) = out_channels(network.steps[i].kind) else {
        return divisors_of(help, channels);
    };
    let input = match network.shape_at(i) {
        Ok(x) if x.rank() > 1 => x.dim(0),
        _ => channels,
    };
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
const fn twin(kind: StepKind) -> Option<&'static str> {
    match kind {
        StepKind::Layer(Layer::Conv2d(_)) => Some("Conv1d"),
        StepKind::Layer(Layer::Conv1d(_)) => Some("Conv2d"),
        StepKind::Layer(Layer::Pool2d(Pool2d { kind, .. })) => {
            Some(Pool1d { kind, ..Pool1d::max(1) }.name())
        }
        StepKind::Layer(Layer::Pool1d(pool)) => Some(pool.image().name()),
        _ => None,
    }
}

/// Whether there is a `Flatten` before step `i`.
const fn after_flatten(network: &Network, i: usize) -> bool {
    let mut j = i;
    while let Some(i) = previous_layer(network, j) {
        if let StepKind::Layer(Layer::Flatten) = network.steps[i].kind {
            return true;
        }
        j = i;
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
