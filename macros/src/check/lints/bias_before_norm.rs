//! A bias that the batch norm after it takes away again.

use super::super::{Checked, span};
use super::{Finding, chain};
use shapewright_shape::{Arg, Layer, NormKind};

pub fn find(network: &Checked) -> Vec<Finding> {
    let mut found = Vec::new();
    for chain in chain::chains(network) {
        for pair in chain.windows(2) {
            let (step, next) = (pair[0], pair[1]);
            let biases = chain::layer(step).and_then(biases);
            let norm = chain::layer(next).is_some_and(is_batch_norm);
            if let Some(n) = biases.filter(|_| norm) {
                let (label, norm) = (chain::label(network, step), chain::label(network, next));
                found.push(Finding {
                    number: step.number,
                    span: span(&step.kind, Arg::Layer),
                    headline: format!("the bias of {label} has no effect: {norm} right after it subtracts the mean, and the bias with it"),
                    because: None,
                    help: vec![format!("write `bias = false`, which saves {n} parameters")],
                });
            }
        }
    }
    found
}

/// How many biases it has, if any.
fn biases(layer: Layer) -> Option<usize> {
    let (bias, n) = match layer {
        Layer::Conv2d(conv) => (conv.bias, conv.out_channels),
        Layer::Conv1d(conv) => (conv.bias, conv.out_channels),
        Layer::ConvTranspose2d(conv) => (conv.bias, conv.out_channels),
        Layer::Linear(linear) => (linear.bias, linear.out_features),
        _ => return None,
    };
    bias.then_some(n)
}

fn is_batch_norm(layer: Layer) -> bool {
    let Layer::Norm(norm) = layer else { return false };
    matches!(norm.kind, NormKind::Batch2d { .. } | NormKind::Batch1d { .. })
}
