//! The number of dimensions that arrive at each step, which is known even where the sizes are const
//! parameters.

use super::{Kind, Module, Spatial, Step};
use crate::ast::Join;
use crate::diagnostics::{Diagnostics, helped};
use shapewright_shape::Arg;
use syn::ext::IdentExt;

/// Notes them, given how many the input has, and gives that of the output. After a network, which
/// only the compiler knows, it is `None` up to a step that tells.
pub fn note(steps: &mut [Step], input: Option<usize>) -> Option<usize> {
    let mut rank = input;
    for step in steps {
        step.rank = rank;
        rank = match &mut step.kind {
            Kind::Network(_) => None,
            Kind::Checkpoint(shape) => Some(shape.dims.len()),
            Kind::Layer(def) => match (&def.spatial, def.module) {
                (Spatial::Features, _) | (_, Some(Module::Linear)) => Some(1),
                (Spatial::Along(_), _) => Some(2),
                (Spatial::Through(_) | Spatial::Fixed(_), _) => Some(3),
                (Spatial::Reshaped(shape), _) => Some(shape.dims.len()),
                (Spatial::Kept, _) => rank,
            },
            // The branches give the same, and so does the way around them.
            Kind::Block(block) => {
                let around = if let Join::Residual = block.join { rank } else { None };
                let branches = block.branches.iter_mut().map(|branch| note(branch, rank));
                branches.fold(around, Option::or)
            }
        };
    }
    rank
}

/// The weight of a `LayerNorm` has the dimensions of what arrives, and a type with const parameters
/// can't compute how many these are.
pub fn check(steps: &[Step], mistakes: &mut Diagnostics) {
    for step in steps {
        if let Kind::Layer(def) = &step.kind
            && let Some(Module::LayerNorm) = def.module
            && step.rank.is_none()
        {
            let name =
                step.name.as_ref().map_or("LayerNorm".to_string(), |name| name.unraw().to_string());
            let place = super::span(&step.kind, Arg::Layer);
            let message = format!(
                "the weight of `{name}` has the shape of what arrives, and in a network with const \
                 parameters the number of dimensions after another network is not known"
            );
            let fix = "say it by a checkpoint: put `=> [_, _, _]` before it".to_string();
            mistakes.error(place, helped(message, &[fix]));
        }
        step.kind.branches().iter().for_each(|branch| check(branch, mistakes));
    }
}
