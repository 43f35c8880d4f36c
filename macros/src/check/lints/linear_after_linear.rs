//! Two linear layers that are no more than one.

use super::super::{Checked, Step, span};
use super::{Finding, chain};
use shapewright_shape::{Arg, Layer, Linear};

pub fn find(network: &Checked) -> Vec<Finding> {
    let mut found = Vec::new();
    for chain in chain::chains(network) {
        let mut before: Option<(&Step, Linear)> = None;
        for step in chain {
            match chain::layer(step) {
                Some(Layer::Linear(linear)) => {
                    if let Some((first, other)) = before {
                        found.extend(both(network, (first, other), (step, linear)));
                    }
                    before = Some((step, linear));
                }
                Some(
                    Layer::Flatten | Layer::Dropout(_) | Layer::Dropout2d(_) | Layer::Reshape(_),
                ) => {}
                _ => before = None,
            }
        }
    }
    found
}

fn both(
    network: &Checked,
    (first, a): (&Step, Linear),
    (second, b): (&Step, Linear),
) -> Option<Finding> {
    let input = first.input?.dim(0);
    let (middle, output) = (a.out_features, b.out_features);
    // With fewer features between, together they are a matrix of low rank, and cheaper.
    if middle < input.min(output) {
        return None;
    }
    let [x, y] = [first, second].map(|step| chain::label(network, step));
    Some(Finding {
        number: second.number,
        span: span(&second.kind, Arg::Layer),
        headline: format!(
            "nothing nonlinear between {x} and {y}: together they are no more than one \
             `Linear({input} -> {output})`"
        ),
        because: None,
        help: vec!["put `ReLU` before it, or another activation".to_string()],
    })
}
