//! Claims that hold: of a layer's input, of a checkpoint, of the network's output and input.

use super::Help;
use super::code::{call, with_inputs, with_outputs};
use crate::words::headline::dims;
use crate::words::place::Place;
use crate::{AdaptiveKind, AdaptivePool2d, Block, Claim, Join, Layer, Shape, Step, StepKind};

pub(super) const fn features(help: &mut Help, claimed: usize, got: usize) {
    input_count(help, got);
    if let Some(input) = input_that_gives(&help.place, help.mistake.start, claimed)
        && (!help.wants_all() || help.place.network.run(input).is_ok())
    {
        help.line("declare the input as `").dims(input.dims());
        help.t.str("`, for which ").num(claimed).str(" is right");
    }
    pool_first(help, claimed);
    outputs_of_giver(help, claimed);
}

/// Brings the image before the `Flatten` to the size that is claimed.
const fn pool_first(help: &mut Help, claimed: usize) {
    let Some((flatten, side)) = side_that_gives(&help.place, help.mistake.start, claimed) else {
        return;
    };
    let output = Some([side, side]);
    let pool = Layer::AdaptivePool2d(AdaptivePool2d { kind: AdaptiveKind::Avg, output });
    let steps = [Step::layer(pool), Step::layer(Layer::Flatten)];
    let block = Block { join: Join::Chain, branches: &[&steps] };
    if help.wants_all() && !help.makes_right(&flatten.path, StepKind::Block(block)) {
        return;
    }
    if help.place.is_inside() {
        help.line("bring the image to ").num(side).str(" × ").num(side);
        return;
    }
    call(help.line("put `"), &pool);
    help.t.str("` before the `Flatten`, which brings the image to ");
    help.t.num(side).str(" × ").num(side);
}

pub(super) const fn channels(help: &mut Help, claimed: usize, got: usize) {
    input_count(help, got);
    let start = help.mistake.start;
    if help.place.giver().is_none() {
        help.offer_input(start.with_channels(claimed));
    }
    outputs_of_giver(help, claimed);
}

/// What arrives, or no claim of it.
pub(super) const fn input_count(help: &mut Help, got: usize) {
    let Some(layer) = help.layer() else { return };
    help.offer(with_inputs(layer, Some(got)));
    help.offer_after("let it be inferred: write ", with_inputs(layer, None));
}

/// Of a layer without outputs: as many as are declared, or as many as its inputs.
pub(super) const fn no_outputs(help: &mut Help) {
    let Some(layer) = help.layer() else { return };
    let declared = match help.place.network.output.dims() {
        [Some(n), ..] => *n,
        _ => 0,
    };
    let counts = [declared, help.mistake.input.dim(0), 16, 1];
    let mut i = 0;
    while i < counts.len() {
        if counts[i] > 0
            && let Some(layer) = with_outputs(layer, counts[i])
            // A claim may be wrong, too.
            && (help.offer(layer) || help.offer(with_inputs(layer, None)))
        {
            return;
        }
        i += 1;
    }
}

/// A checkpoint, or the declared output.
pub(super) const fn expected(help: &mut Help, claim: Claim, got: Shape) {
    let output = help.place.step().is_none();
    help.code("write ").str(if output { "-> " } else { "=> " });
    dims(help.t, as_open_as(claim, got));
    help.end();
    if output && !got.is_example() {
        let any = match got.rank() {
            3 => "[_, _, _]",
            2 => "[_, _]",
            _ => "[_]",
        };
        help.code("let it be inferred: write ").str("-> ").str(any);
        help.end();
    }
    if let [Some(wanted), ..] = claim.dims() {
        outputs_of_giver(help, *wanted);
    }
}

/// `[8, _, _]` of an example whose height and width are open, or where they were claimed so.
const fn as_open_as(claim: Claim, shape: Shape) -> Claim {
    let same_rank = claim.dims().len() == shape.rank();
    let mut dims = [None; 3];
    let mut i = 0;
    while i < shape.rank() {
        let open = same_rank && claim.dims()[i].is_none();
        if !shape.varies()[i] && !open {
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

/// The last layer before this place that says how many outputs it has could have those.
const fn outputs_of_giver(help: &mut Help, outputs: usize) {
    let mut at = help.place;
    while let Some(giver) = at.giver() {
        match giver.kind() {
            Some(StepKind::Layer(layer)) if with_outputs(layer, outputs).is_some() => {
                help.offer_outputs(giver, outputs);
                return;
            }
            Some(StepKind::Layer(Layer::Flatten)) | None => return,
            _ => at = giver,
        }
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
        let larger = center.saturating_add(distance);
        if arrives(place, start, larger, claimed) {
            return Some(square(start, larger));
        }
        distance += 1;
    }
    None
}

/// The side of the square that gives `claimed` features, if the image of a `Flatten` before the
/// step were brought to it; activations and dropout may stand between.
const fn side_that_gives<'a>(
    place: &Place<'a>,
    start: Shape,
    claimed: usize,
) -> Option<(Place<'a>, usize)> {
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
    if side > 0 && side * side == area { Some((at, side)) } else { None }
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
