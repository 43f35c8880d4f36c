//! A mistake in words: a sentence, the table of shapes that leads to it, and what would help.
//!
//! The same functions write the message when the macro finds the mistake, when const evaluation
//! does, and at run time.

mod arithmetic;
mod headline;
mod help;
mod place;
mod table;
mod takes;

use crate::{Arg, Layer, Mistake, Network, Shape, Text};
use place::Place;

/// The whole message: headline, table, help.
pub const fn explain(network: &Network, mistake: &Mistake) -> Text {
    let place = Place::of(network, mistake.path);
    let mut t = Text::new();
    headline::write(&mut t, &place, mistake);
    if table::explains(&mistake.problem) {
        t.str("\n\n");
        table::write(&mut t, &place, mistake);
    }
    help::write(&mut t, &place, mistake);
    t
}

/// The headline alone.
pub const fn headline(network: &Network, mistake: &Mistake) -> Text {
    let mut t = Text::new();
    headline::write(&mut t, &Place::of(network, mistake.path), mistake);
    t
}

/// What the step with this number is called: its name, or which of its kind it is.
pub const fn label(network: &Network, number: usize) -> Text {
    let mut t = Text::new();
    Place::of(network, network.path(number)).label(&mut t);
    t
}

/// The table of shapes of a network up to the first mistake, for documentation.
pub const fn table(network: &Network) -> Text {
    let mut t = Text::new();
    table::rows(&mut t, network, network.example());
    t
}

/// How the sizes came about that a convolution or pool makes of `input`, as in the table.
pub fn arithmetic(layer: Layer, input: Shape, output: Shape) -> Text {
    let mut t = Text::new();
    arithmetic::arithmetic(&mut t, layer, input, output, 0);
    t
}

/// Fails the const evaluation that calls it with the whole message, if the mistake is in this
/// argument of this step, or in one of those that stand at the same place. The macro writes one
/// call for each argument that is written out, with its span, so that the error points there.
#[track_caller]
pub const fn report(
    network: &Network,
    result: &Result<Shape, Mistake>,
    number: usize,
    args: &[Arg],
) {
    let Err(mistake) = result else { return };
    // A mistake within another network is one of the whole step here.
    let arg = if Place::of(network, mistake.path).is_inside() {
        Arg::Layer
    } else {
        mistake.problem.arg()
    };
    let mut i = 0;
    while i < args.len() {
        if args[i] as u8 == arg as u8 && network.number(&mistake.path) == number {
            let text = explain(network, mistake);
            panic!("{}", text.as_str());
        }
        i += 1;
    }
}
