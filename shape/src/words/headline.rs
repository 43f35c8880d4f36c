//! The first line: which layer, what it takes, what it gets.

use super::place::{Place, ordinal};
use crate::{Axis, Claim, Join, Layer, Mistake, Problem, Shape, StepKind, Text};

pub(super) const fn write(t: &mut Text, place: &Place, mistake: &Mistake) {
    match mistake.problem {
        Problem::Features { claimed, got } => {
            place.label(t);
            t.str(" takes ").num(claimed).str(plural(claimed, " feature", " features"));
            gives(t, place, " has ");
            t.num(got);
            flattened(t, place, mistake);
        }
        Problem::Channels { claimed, got } => {
            place.label(t);
            t.str(" takes ").num(claimed).str(plural(claimed, " channel", " channels"));
            gives(t, place, " has ");
            t.num(got);
        }
        Problem::NotFeatures { input } => {
            place.label(t);
            t.str(" takes features");
            gives(t, place, " is ");
            t.str(kind(input)).dims(input.dims());
        }
        Problem::NotAnImage { input } => {
            place.label(t);
            t.str(" takes an image [channels, height, width]");
            gives(t, place, " is ");
            t.str(kind(input)).dims(input.dims());
        }
        Problem::NotASequence { input } => {
            place.label(t);
            t.str(" takes a sequence [channels, length]");
            gives(t, place, " is ");
            t.str(kind(input)).dims(input.dims());
        }
        Problem::KernelTooLarge { window, input, pad_lo, pad_hi } => {
            t.str("the kernel of ");
            place.label(t);
            let unit = unit(window.axis, 2);
            t.str(" reaches over ").num(window.dilation * (window.kernel - 1) + 1).str(unit);
            t.str(", but its input has ").num(input);
            if pad_lo + pad_hi > 0 {
                t.str(" and ").num(pad_lo + pad_hi).str(" of padding");
            }
        }
        Problem::ZeroKernel { axis } => {
            t.str("the kernel ").str(extent(axis)).str(" of ");
            place.label(t);
            t.str(" must be at least 1");
        }
        Problem::ZeroStride { axis } => {
            t.str("the ").str(direction(axis)).str("stride of ");
            place.label(t);
            t.str(" must be at least 1");
        }
        Problem::ZeroDilation { axis } => {
            t.str("the ").str(direction(axis)).str("dilation of ");
            place.label(t);
            t.str(" must be at least 1 (1 means: no gaps)");
        }
        Problem::ZeroSize { axis } => {
            t.str("the output ").str(extent(axis)).str(" of ");
            place.label(t);
            t.str(" must be at least 1");
        }
        Problem::ZeroScale { axis } => {
            t.str("the ").str(direction(axis)).str("scale of ");
            place.label(t);
            t.str(" must be at least 1");
        }
        Problem::ZeroDimension { to } => {
            place.label(t);
            t.str(" to ");
            dims(t, to);
            t.str(", but every dimension must be at least 1");
        }
        Problem::OpenDimensions { to } => {
            place.label(t);
            t.str(" to ");
            dims(t, to);
            t.str(": only one dimension can be inferred");
        }
        Problem::Reshape { to, input } => {
            place.label(t);
            t.str(" to ");
            dims(t, to);
            elements(t, to);
            gives(t, place, " is ");
            t.dims(input.dims());
            if let Some(n) = input.numel() {
                t.str(" of ").num(n).str(plural(n, " element", " elements"));
            }
        }
        Problem::ZeroOutput => {
            place.label(t);
            t.str(" must have at least 1 output");
        }
        Problem::ZeroInChannels => {
            place.label(t);
            t.str(" must take at least 1 channel");
        }
        Problem::ZeroInFeatures => {
            place.label(t);
            t.str(" must take at least 1 feature");
        }
        Problem::ZeroGroups => {
            t.str("the groups of ");
            place.label(t);
            t.str(" must be at least 1");
        }
        Problem::GroupsInput { groups, channels } => {
            t.num(groups).str(" groups do not divide the ").num(channels);
            t.str(plural(channels, " input channel of ", " input channels of "));
            place.label(t);
        }
        Problem::GroupsOutput { groups, channels } => {
            t.num(groups).str(" groups do not divide the ").num(channels);
            t.str(plural(channels, " output channel of ", " output channels of "));
            place.label(t);
        }
        Problem::PoolPadding { axis, kernel, padding } => {
            t.str("the padding of ");
            place.label(t);
            t.str(" is ").num(padding).str(unit(axis, padding));
            t.str(", more than half of its kernel of ").num(kernel);
        }
        Problem::AnImage { input } => {
            place.label(t);
            t.str(" takes [features] or a sequence [channels, length]");
            gives(t, place, " is ");
            t.str(kind(input)).dims(input.dims());
        }
        Problem::OutputPadding { axis, output_padding, stride, dilation } => {
            t.str("the output padding of ");
            place.label(t);
            t.str(" is ").num(output_padding).str(unit(axis, output_padding));
            t.str(", but it must be less than the stride of ").num(stride);
            t.str(" or the dilation of ").num(dilation);
        }
        Problem::NothingLeft { axis, painted, padding } => {
            place.label(t);
            t.str(" gives ").num(painted).str(unit(axis, painted));
            t.str(", all of which its padding of ").num(padding).str(" cuts off");
        }
        Problem::Power => {
            t.str("the power of ");
            place.label(t);
            t.str(" must be more than 0 and finite");
        }
        Problem::LpWindow => {
            place.label(t);
            t.str(" has neither padding nor dilation");
        }
        Problem::NormKind => {
            place.label(t);
            t.str(" is given the options of another normalisation");
        }
        Problem::Epsilon => {
            t.str("the `eps` of ");
            place.label(t);
            t.str(" must be at least 0 and finite");
        }
        Problem::Momentum => {
            t.str("the momentum of ");
            place.label(t);
            t.str(" must be from 0 to 1");
        }
        Problem::Init => {
            t.str("there is no such distribution as the `init` of ");
            place.label(t);
            t.str(": numbers must be finite, deviations and gains at least 0, bounds in order");
        }
        Problem::DropoutProbability => {
            t.str("the probability of ");
            place.label(t);
            t.str(" must be at least 0 and less than 1");
        }
        Problem::Network { takes, got } => {
            place.label(t);
            t.str(" takes ");
            dims(t, takes);
            gives(t, place, " is ");
            t.dims(got.dims());
        }
        Problem::Expected { claim, got } => {
            if place.step().is_none() {
                t.str("`").str(place.network.name).str("` is declared to give ");
                dims(t, claim);
            } else {
                t.str("this checkpoint says ");
                dims(t, claim);
            }
            gives(t, place, " is ");
            t.dims(got.dims());
        }
        Problem::Branches { join, branch, first, other } => {
            branches(t, place, join, branch, [first, other]);
        }
        Problem::ZeroRepeats => {
            place.label(t);
            t.str(" must have at least 1 round");
        }
        Problem::Repeat { takes, gives } => {
            t.str("each round of ");
            place.label(t);
            t.str(" takes ").dims(takes.dims()).str(", but the one before gives ");
            t.dims(gives.dims()).str(", for which its weights would have other shapes");
        }
        Problem::Varies { .. } => {
            match place.kind() {
                Some(StepKind::Layer(Layer::Norm(_))) => {
                    t.str("the weights of ");
                    place.label(t);
                }
                _ => {
                    t.str("the features that ");
                    place.label(t);
                    t.str(" gives");
                }
            }
            t.str(" would depend on the size of the input, which `");
            t.str(place.network.name).str("` leaves open");
        }
        Problem::BadInput { input } => {
            t.str("the input of `").str(place.network.name).str("` is ").dims(input.dims());
            match input.numel() {
                Some(_) => t.str(", but every dimension must be at least 1"),
                None => t.str(", larger than any memory"),
            };
        }
        Problem::ZeroInput => {
            place.label(t);
            t.str(" gets an image without pixels");
        }
        Problem::ZeroLength => {
            place.label(t);
            t.str(" gets a sequence without elements");
        }
        Problem::Overflow => {
            t.str("the sizes of ");
            place.label(t);
            t.str(" are larger than any memory");
        }
    }
}

/// ``, but `Flatten` gives ``, or what else the shape that arrives comes from.
const fn gives(t: &mut Text, place: &Place, input_verb: &str) {
    match place.giver() {
        Some(giver) => {
            t.str(", but ");
            giver.label(t);
            t.str(" gives ");
        }
        None if place.is_inside() => {
            t.str(", but the input of `").str(place.network.name).str("`").str(input_verb);
        }
        None => {
            t.str(", but the input").str(input_verb);
        }
    }
}

/// ` (16 × 13 × 13)` after a `Flatten`.
const fn flattened(t: &mut Text, place: &Place, mistake: &Mistake) {
    if let Some(giver) = place.giver()
        && let Some(StepKind::Layer(Layer::Flatten)) = giver.kind()
        && let Some(shape) = place.network.arrival(mistake.start, &giver.path)
        && shape.rank() > 1
    {
        t.list(" (", shape.dims(), " × ", ")");
    }
}

/// The block's sentence about two branches that don't meet.
const fn branches(t: &mut Text, place: &Place, join: Join, branch: usize, [a, b]: [Shape; 2]) {
    match join {
        Join::Residual => {
            t.str("the block of ");
            place.label(t);
            t.str(" gives ").dims(b.dims()).str(", which can't be added to its input ");
            t.dims(a.dims());
            return;
        }
        Join::Shortcut => {
            t.str("the paths of ");
            place.label(t);
            t.str(" don't meet: the block gives ").dims(a.dims());
            t.str(", the shortcut ").dims(b.dims());
            return;
        }
        _ => {}
    }
    t.str("the branches of ");
    place.label(t);
    t.str(" don't meet: the ");
    // A `Concat` has the channels of all before.
    let first = if branch == 1 { "first gives " } else { "ones before give " };
    t.str(first).dims(a.dims()).str(", the ").num(branch + 1).str(ordinal(branch + 1));
    t.str(" gives ").dims(b.dims());
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
