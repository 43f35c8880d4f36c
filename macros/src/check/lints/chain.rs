//! Steps that run one right after the other.

use super::super::{Checked, Kind, Step, walk};
use crate::ast::Join;
use shapewright_shape::{Layer, words};

/// All steps, in the order of their numbers.
pub fn all(network: &Checked) -> Vec<&Step> {
    let mut steps = Vec::new();
    descend(&network.steps, &mut steps);
    steps
}

fn descend<'a>(steps: &'a [Step], all: &mut Vec<&'a Step>) {
    for step in steps {
        all.push(step);
        step.kind.branches().iter().for_each(|branch| descend(branch, all));
    }
}

/// The network's steps, and those of each branch in it: plain groups are opened, checkpoints are
/// left out.
pub fn chains(network: &Checked) -> Vec<Vec<&Step>> {
    let mut chains = vec![chain(&network.steps)];
    for step in all(network) {
        if !is_group(step) {
            chains.extend(step.kind.branches().iter().map(|branch| chain(branch)));
        }
    }
    chains
}

/// The network's own steps in this way.
pub fn chain(steps: &[Step]) -> Vec<&Step> {
    let mut chain = Vec::new();
    for step in steps {
        match &step.kind {
            Kind::Checkpoint(_) => {}
            Kind::Block(block) if is_group(step) => {
                chain.extend(block.branches.iter().flat_map(|branch| self::chain(branch)));
            }
            _ => chain.push(step),
        }
    }
    chain
}

fn is_group(step: &Step) -> bool {
    matches!(&step.kind, Kind::Block(block) if matches!(block.join, Join::Chain))
}

/// The layer, if the macro knows all of it.
pub fn layer(step: &Step) -> Option<Layer> {
    if let Kind::Layer(def) = &step.kind { def.known } else { None }
}

/// What messages call a step: its name, or which of its kind it is.
pub fn label(network: &Checked, step: &Step) -> String {
    let described = walk::described(network).map(|all| words::label(&all, step.number).to_string());
    described.unwrap_or_else(|| "this step".to_string())
}
