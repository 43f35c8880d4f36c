//! The first line: which layer, what it takes, what it gets.

use super::{label, previous_layer};
use crate::{Axis, Claim, Layer, Mistake, Network, Problem, Shape, StepKind, Text};

pub(super) const fn write(t: &mut Text, network: &Network, mistake: &Mistake) {
    let i = mistake.step;
    match mistake.problem {
        Problem::Features { claimed, got } => {
            label(t, network, i);
            t.str(" takes ").num(claimed).str(plural(claimed, " feature", " features"));
            gives(t, network, i, " has ");
            t.num(got);
            flattened(t, network, i);
        }
        Problem::Channels { claimed, got } => {
            label(t, network, i);
            t.str(" takes ").num(claimed).str(plural(claimed, " channel", " channels"));
            gives(t, network, i, " has ");
            t.num(got);
        }
        Problem::NotFeatures { input } => {
            label(t, network, i);
            t.str(" takes features");
            gives(t, network, i, " is ");
            t.str(kind(input)).dims(input.dims());
        }
        Problem::NotAnImage { input } => {
            label(t, network, i);
            t.str(" takes an image [channels, height, width]");
            gives(t, network, i, " is ");
            t.str(kind(input)).dims(input.dims());
        }
        Problem::NotASequence { input } => {
            label(t, network, i);
            t.str(" takes a sequence [channels, length]");
            gives(t, network, i, " is ");
            t.str(kind(input)).dims(input.dims());
        }
        Problem::KernelTooLarge { window, input, pad_lo, pad_hi } => {
            t.str("the kernel of ");
            label(t, network, i);
            let unit = unit(window.axis, 2);
            t.str(" reaches over ").num(window.dilation * (window.kernel - 1) + 1).str(unit);
            t.str(", but its input has ").num(input);
            if pad_lo + pad_hi > 0 {
                t.str(" and ").num(pad_lo + pad_hi).str(" of padding");
            }
        }
        Problem::ZeroKernel { axis } => {
            t.str("the kernel ").str(extent(axis)).str(" of ");
            label(t, network, i);
            t.str(" must be at least 1");
        }
        Problem::ZeroStride { axis } => {
            t.str("the ").str(direction(axis)).str("stride of ");
            label(t, network, i);
            t.str(" must be at least 1");
        }
        Problem::ZeroDilation { axis } => {
            t.str("the ").str(direction(axis)).str("dilation of ");
            label(t, network, i);
            t.str(" must be at least 1 (1 means: no gaps)");
        }
        Problem::ZeroSize { axis } => {
            t.str("the output ").str(extent(axis)).str(" of ");
            label(t, network, i);
            t.str(" must be at least 1");
        }
        Problem::ZeroScale { axis } => {
            t.str("the ").str(direction(axis)).str("scale of ");
            label(t, network, i);
            t.str(" must be at least 1");
        }
        Problem::ZeroDimension { to } => {
            label(t, network, i);
            t.str(" to ");
            dims(t, to);
            t.str(", but every dimension must be at least 1");
        }
        Problem::OpenDimensions { to } => {
            label(t, network, i);
            t.str(" to ");
            dims(t, to);
            t.str(": only one dimension can be inferred");
        }
        Problem::Reshape { to, input } => {
            label(t, network, i);
            t.str(" to ");
            dims(t, to);
            elements(t, to);
            gives(t, network, i, " is ");
            t.dims(input.dims());
            if let Some(n) = input.numel() {
                t.str(" of ").num(n).str(plural(n, " element", " elements"));
            }
        }
        Problem::ZeroOutput => {
            label(t, network, i);
            t.str(" must have at least 1 output");
        }
        Problem::ZeroInChannels => {
            label(t, network, i);
            t.str(" must take at least 1 channel");
        }
        Problem::ZeroInFeatures => {
            label(t, network, i);
            t.str(" must take at least 1 feature");
        }
        Problem::ZeroGroups => {
            t.str("the groups of ");
            label(t, network, i);
            t.str(" must be at least 1");
        }
        Problem::GroupsInput { groups, channels } => {
            t.num(groups).str(" groups do not divide the ").num(channels);
            t.str(plural(channels, " input channel of ", " input channels of "));
            label(t, network, i);
        }
        Problem::GroupsOutput { groups, channels } => {
            t.num(groups).str(" groups do not divide the ").num(channels);
            t.str(plural(channels, " output channel of ", " output channels of "));
            label(t, network, i);
        }
        Problem::PoolPadding { axis, kernel, padding } => {
            t.str("the padding of ");
            label(t, network, i);
            t.str(" is ").num(padding).str(unit(axis, padding));
            t.str(", more than half of its kernel of ").num(kernel);
        }
        Problem::AnImage { input } => {
            label(t, network, i);
            t.str(" takes [features] or a sequence [channels, length]");
            gives(t, network, i, " is ");
            t.str(kind(input)).dims(input.dims());
        }
        Problem::OutputPadding { axis, output_padding, stride, dilation } => {
            t.str("the output padding of ");
            label(t, network, i);
            t.str(" is ").num(output_padding).str(unit(axis, output_padding));
            t.str(", but it must be less than the stride of ").num(stride);
            t.str(" or the dilation of ").num(dilation);
        }
        Problem::NothingLeft { axis, painted, padding } => {
            label(t, network, i);
            t.str(" gives ").num(painted).str(unit(axis, painted));
            t.str(", all of which its padding of ").num(padding).str(" cuts off");
        }
        Problem::Power => {
            t.str("the power of ");
            label(t, network, i);
            t.str(" must be more than 0 and finite");
        }
        Problem::LpWindow => {
            label(t, network, i);
            t.str(" has neither padding nor dilation");
        }
        Problem::NormKind => {
            label(t, network, i);
            t.str(" is given the options of another normalisation");
        }
        Problem::Epsilon => {
            t.str("the `eps` of ");
            label(t, network, i);
            t.str(" must be at least 0 and finite");
        }
        Problem::Momentum => {
            t.str("the momentum of ");
            label(t, network, i);
            t.str(" must be from 0 to 1");
        }
        Problem::DropoutProbability => {
            t.str("the probability of ");
            label(t, network, i);
            t.str(" must be at least 0 and less than 1");
        }
        Problem::Network { takes, got } => {
            label(t, network, i);
            t.str(" takes ").dims(takes.dims());
            gives(t, network, i, " is ");
            t.dims(got.dims());
        }
        Problem::Expected { claim, got } => {
            if i == network.steps.len() {
                t.str("`").str(network.name).str("` is declared to give ");
                dims(t, claim);
            } else {
                t.str("this checkpoint says ");
                dims(t, claim);
            }
            gives(t, network, i, " is ");
            t.dims(got.dims());
        }
        Problem::BadInput { input } => {
            t.str("the input of `").str(network.name).str("` is ").dims(input.dims());
            match input.numel() {
                Some(_) => t.str(", but every dimension must be at least 1"),
                None => t.str(", larger than any memory"),
            };
        }
        Problem::ZeroInput => {
            label(t, network, i);
            t.str(" gets an image without pixels");
        }
        Problem::ZeroLength => {
            label(t, network, i);
            t.str(" gets a sequence without elements");
        }
        Problem::Overflow => {
            t.str("the sizes of ");
            label(t, network, i);
            t.str(" are larger than any memory");
        }
    }
}

/// ``, but `Flatten` gives ``, or what else the shape at step `i` comes from.
const fn gives(t: &mut Text, network: &Network, i: usize, input_verb: &str) {
    match previous_layer(network, i) {
        Some(j) => {
            t.str(", but ");
            label(t, network, j);
            t.str(" gives ");
        }
        None => {
            t.str(", but the input").str(input_verb);
        }
    }
}

/// ` (16 × 13 × 13)` after a `Flatten`.
const fn flattened(t: &mut Text, network: &Network, i: usize) {
    if let Some(j) = previous_layer(network, i)
        && let StepKind::Layer(Layer::Flatten) = network.steps[j].kind
        && let Ok(shape) = network.shape_at(j)
        && shape.rank() > 1
    {
        t.list(" (", shape.dims(), " × ", ")");
    }
}

/// `[16, _, 5]`.
pub(super) const fn dims(t: &mut Text, claim: Claim) {
    let dims = claim.dims();
    t.str("[");
    let mut i = 0;
    while i < dims.len() {
        if i > 0 {
            t.str(", ");
        }
        match dims[i] {
            Some(n) => t.num(n),
            None => t.str("_"),
        };
        i += 1;
    }
    t.str("]");
}

/// ` takes 400 elements`, or ` takes a multiple of 80 elements` if a dimension is to be inferred.
const fn elements(t: &mut Text, claim: Claim) {
    let dims = claim.dims();
    let (mut product, mut open, mut i) = (1usize, false, 0);
    while i < dims.len() {
        match dims[i] {
            Some(n) => product = product.saturating_mul(n),
            None => open = true,
        }
        i += 1;
    }
    if open {
        t.str(" takes a multiple of ").num(product).str(plural(product, " element", " elements"));
    } else {
        t.str(" takes ").num(product).str(plural(product, " element", " elements"));
    }
}

const fn kind(shape: Shape) -> &'static str {
    match shape.rank() {
        3 => "an image ",
        2 => "a sequence ",
        _ => "features ",
    }
}

const fn plural(n: usize, one: &'static str, many: &'static str) -> &'static str {
    if n == 1 { one } else { many }
}

const fn unit(axis: Axis, n: usize) -> &'static str {
    match axis {
        Axis::Height => plural(n, " row", " rows"),
        Axis::Width => plural(n, " column", " columns"),
        Axis::Length => plural(n, " element", " elements"),
    }
}

const fn extent(axis: Axis) -> &'static str {
    match axis {
        Axis::Height => "height",
        Axis::Width => "width",
        Axis::Length => "length",
    }
}

const fn direction(axis: Axis) -> &'static str {
    match axis {
        Axis::Height => "vertical ",
        Axis::Width => "horizontal ",
        Axis::Length => "",
    }
}
