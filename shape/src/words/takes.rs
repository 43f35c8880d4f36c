//! The last row of the table: what the mistaken step takes.

use super::arithmetic::sum;
use super::headline::dims;
use super::place::Place;
use crate::{Mistake, Problem, StepKind, Text};

/// What the mistaken step takes.
pub(super) const fn takes(t: &mut Text, place: &Place, mistake: &Mistake) {
    match mistake.problem {
        Problem::Features { claimed, .. } => {
            t.str("takes [").num(claimed).str("]");
        }
        Problem::Channels { claimed, .. } => {
            t.str("takes [").num(claimed).str(rest(place));
        }
        Problem::NotFeatures { .. } => {
            t.str("takes [features]");
        }
        Problem::NotAnImage { .. } => {
            t.str("takes [channels, height, width]");
        }
        Problem::NotASequence { .. } => {
            t.str("takes [channels, length]");
        }
        Problem::Reshape { to, .. } => {
            t.str("to ");
            dims(t, to);
        }
        Problem::Network { takes, .. } => {
            t.str("takes ");
            dims(t, takes);
        }
        Problem::Expected { claim, .. } => {
            t.str("says ");
            dims(t, claim);
        }
        Problem::AnImage { .. } => {
            t.str("takes [features] or [channels, length]");
        }
        Problem::NothingLeft { painted, padding, .. } => {
            t.num(painted).str(" - ").num(padding).str(" < 1");
        }
        Problem::KernelTooLarge { window, input, pad_lo, pad_hi } => {
            sum(t, input, pad_lo, pad_hi);
            t.str(" < ").num(window.dilation).str("·(").num(window.kernel).str("-1) + 1");
        }
        Problem::GroupsInput { groups, .. } => {
            t.str("takes [n·").num(groups).str(rest(place));
        }
        Problem::Branches { first, other, .. } => {
            t.dims(first.dims()).str(" and ").dims(other.dims());
        }
        Problem::Repeat { takes, gives } => {
            t.str("takes ").dims(takes.dims()).str(", gives ").dims(gives.dims());
        }
        Problem::Varies { .. } => {
            t.str("open");
        }
        _ => {
            t.str("?");
        }
    }
}

/// What follows the channels of its input.
const fn rest(place: &Place) -> &'static str {
    match place.kind() {
        Some(StepKind::Layer(layer)) if layer.sequence_window().is_some() => ", length]",
        _ => ", height, width]",
    }
}
