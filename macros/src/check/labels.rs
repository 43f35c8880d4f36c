//! What messages call the layers, before it is known what they are: the shape engine's words.

use super::walk;
use crate::ast::{Call, Dim, Network, Num, Step, StepKind, Value};
use shapewright_shape::{self as shape, Claim, words};
use syn::ext::IdentExt;

/// Gives every call its label, and the outputs that what follows it wants.
pub fn assign(network: &mut Network) {
    let list = skeleton(&network.steps);
    let described = shape::Network::new("", Claim::ANY, Claim::ANY, list);
    label(&mut network.steps, &described, &mut 0);
    let mut next = match network.output.dims.first() {
        Some(Dim::Size(Num { known, .. })) => *known,
        _ => None,
    };
    for step in network.steps.iter_mut().rev() {
        match &mut step.kind {
            StepKind::Layer(call) if counts(call) => {
                call.wanted = next;
                next = match call.positional.first() {
                    Some(Value::Arrow(input, _)) => match &**input {
                        Value::Int(num) => num.known,
                        _ => None,
                    },
                    _ => None,
                };
            }
            StepKind::Layer(call) if call.layer == "Flatten" => next = None,
            StepKind::Block(_) => next = None,
            _ => {}
        }
    }
}

/// Whether it says how many outputs it has.
fn counts(call: &Call) -> bool {
    ["Conv2d", "Conv1d", "ConvTranspose2d", "Linear"].iter().any(|name| call.layer == name)
}

/// Steps that have names and places only.
fn skeleton(steps: &[Step]) -> &'static [shape::Step<'static>] {
    let steps = steps.iter().map(|step| {
        let kind = match &step.kind {
            StepKind::Layer(call) => {
                let name = walk::leak(call.layer.to_string());
                let network = shape::Network::new(name, Claim::ANY, Claim::ANY, &[]);
                shape::StepKind::Network(Box::leak(Box::new(network)))
            }
            StepKind::Checkpoint(_) => shape::StepKind::Checkpoint(Claim::ANY),
            StepKind::Block(block) => shape::StepKind::Block(shape::Block {
                join: walk::join(&block.join),
                branches: walk::leak_list(block.branches.iter().map(|b| skeleton(b)).collect()),
            }),
        };
        let name = step.name.as_ref().map(|name| name.unraw().to_string());
        shape::Step { name: walk::leak(name.unwrap_or_default()), kind }
    });
    walk::leak_list(steps.collect())
}

fn label(steps: &mut [Step], network: &shape::Network, number: &mut usize) {
    for step in steps {
        let this = *number;
        *number += 1;
        match &mut step.kind {
            StepKind::Layer(call) => call.label = words::label(network, this).to_string(),
            StepKind::Block(block) => {
                block.branches.iter_mut().for_each(|branch| label(branch, network, number));
            }
            StepKind::Checkpoint(_) => {}
        }
    }
}
