//! Whether a network with another layer in one place is right: what a lint recommends must be.

use super::super::{Checked, Step, walk};
use super::chain;
use shapewright_shape::{Layer, Problem};

/// What else would have to change: nothing, or the claim of a `Linear` after it. `None` if the
/// network would be wrong.
pub fn of(network: &Checked, step: &Step, layer: Layer) -> Option<String> {
    let changed = (step.number, layer);
    match walk::run_with(network, &[changed]) {
        Ok(_) => Some(String::new()),
        Err((number, Problem::Features { got, .. })) => {
            let steps = chain::all(network);
            let claimant = steps.into_iter().find(|step| step.number == number)?;
            let Layer::Linear(mut linear) = chain::layer(claimant)? else { return None };
            linear.in_features = Some(got);
            walk::run_with(network, &[changed, (number, Layer::Linear(linear))]).ok()?;
            let label = chain::label(network, claimant);
            Some(format!("; {label} is then `Linear({got} -> {})`", linear.out_features))
        }
        Err(_) => None,
    }
}
