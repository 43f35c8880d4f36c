//! Inputs that will do: of the network, or of one within it.

use super::{Goal, Help};
use crate::{AdaptiveKind, AdaptivePool2d, Claim, Conv2d, Layer, Linear, Shape};

/// The declared input has a zero in it, or is larger than any memory.
pub(super) const fn bad(help: &mut Help, input: Shape) {
    if let Goal::Options = help.goal {
        return;
    }
    const SIZES: [usize; 9] = [0, 32, 28, 224, 64, 16, 8, 4, 1];
    let mut i = 0;
    while i < SIZES.len() {
        let new = repaired(input, SIZES[i]);
        let fits = match (new.numel(), help.goal) {
            (None | Some(0), _) => false,
            (_, Goal::Network) => help.place.network.run(new).is_ok(),
            _ => true,
        };
        if fits {
            help.line("declare the input as `").dims(new.dims()).str("`");
            return;
        }
        i += 1;
    }
}

/// With `size` for what is wrong; if that is 0, with the other side of the image.
const fn repaired(input: Shape, size: usize) -> Shape {
    let overflows = input.numel().is_none();
    let (mut dims, mut d) = ([1; 3], 0);
    while d < input.rank() {
        let n = input.dim(d);
        dims[d] = if n > 0 && !(overflows && n > 65_536) {
            n
        } else if d == 0 && input.rank() > 1 {
            3
        } else if size == 0 && input.rank() == 3 {
            input.dim(3 - d)
        } else {
            size
        };
        d += 1;
    }
    match input.rank() {
        3 => Shape::image(dims[0], dims[1], dims[2]),
        2 => Shape::sequence(dims[0], dims[1]),
        _ => Shape::features(dims[0]),
    }
}

/// A network within this one takes something else than what arrives.
pub(super) const fn of_network(help: &mut Help, takes: Claim, got: Shape) {
    if let Some(input) = takes.shape()
        && !help.mistake.start.is_example()
    {
        help.offer_input(input);
    }
    match (takes.dims(), got.rank()) {
        ([Some(channels), ..], 3) if takes.dims().len() == 3 && *channels != got.dim(0) => {
            help.offer_before(Layer::Conv2d(Conv2d::new(*channels, [1, 1])));
        }
        ([_, Some(height), Some(width)], 3) => {
            let output = Some([*height, *width]);
            let pool = AdaptivePool2d { kind: AdaptiveKind::Avg, output };
            help.offer_before(Layer::AdaptivePool2d(pool));
        }
        ([_], 2 | 3) => {
            help.offer_before(Layer::Flatten);
        }
        ([Some(features)], 1) => {
            help.offer_before(Layer::Linear(Linear::new(*features)));
        }
        _ => {}
    }
}
