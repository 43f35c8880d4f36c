//! Probabilities where a loss expects logits.

use super::super::{Checked, span};
use super::{Finding, chain};
use shapewright_shape::{Activation, Arg, Layer};

pub fn find(network: &Checked) -> Vec<Finding> {
    let last = chain::chain(&network.steps).pop();
    let softmax = last
        .filter(|step| matches!(chain::layer(step), Some(Layer::Activation(Activation::Softmax))));
    let Some(step) = softmax else { return Vec::new() };
    vec![Finding {
        number: step.number,
        span: span(&step.kind, Arg::Layer),
        headline:
            "`Softmax` at the end: cross-entropy losses take logits and apply it themselves; \
                   applied twice, training is slow and goes wrong"
                .to_string(),
        because: None,
        help: vec![
            "remove it; `net.forward(x).softmax::<Axis<1>>()` gives probabilities".to_string(),
        ],
    }]
}
