//! The walk over the shapes that the macro knows: from the input up to the first number that
//! only the compiler can read.

use super::{Checked, Kind};
use crate::diagnostics::Diagnostics;
use proc_macro2::Span;
use shapewright_shape::{
    Arg, Claim, Layer, Mistake, Network, Problem, Shape, Step, StepKind, words,
};
use syn::ext::IdentExt;

/// Finds every mistake that can be found here, and notes the shapes.
pub fn shapes(network: &mut Checked, diagnostics: &mut Diagnostics) {
    let mut report = |span: Span, words: shapewright_shape::Text| diagnostics.error(span, words);
    let names: Vec<String> = network.steps.iter().map(|s| text(&s.name)).collect();
    let name = network.name.to_string();
    let claim = network.output.claim();
    // The steps that can be walked, from the input on.
    let mut steps: Vec<Step> = (names.iter().zip(&network.steps))
        .map_while(|(name, step)| Some(Step { name, kind: step.kind.known()? }))
        .collect();
    let mut x = network.input.shape();
    if let Some(input) = x
        && let Some(0) | None = input.numel()
    {
        let network_only = describe(&name, input, claim, &[]);
        let mistake = Mistake { step: 0, input, problem: Problem::BadInput { input } };
        report(network.input.span, words::explain(&network_only, &mistake));
        return;
    }
    for i in 0..network.steps.len() {
        network.steps[i].input = x;
        let step = &network.steps[i];
        x = match (network.input.shape(), x, step.kind.known()) {
            (Some(start), Some(input), Some(kind)) => match kind.output(input) {
                Ok(output) => Some(output),
                Err(problem) => {
                    let described = describe(&name, start, claim, &steps);
                    let mistake = Mistake { step: i, input, problem };
                    report(span(&step.kind, problem.arg()), words::explain(&described, &mistake));
                    // On with what the user probably means, for the steps after it.
                    corrected(kind, problem).and_then(|kind| {
                        steps[i].kind = kind;
                        kind.output(input).ok()
                    })
                }
            },
            (_, None, Some(kind @ StepKind::Layer(layer))) => {
                if let Err(problem) = layer.check_options() {
                    let alone = [Step { name: &names[i], kind }];
                    let described = describe(&name, Shape::features(1), claim, &alone);
                    let mistake = Mistake { step: 0, input: described.input, problem };
                    report(span(&step.kind, problem.arg()), words::headline(&described, &mistake));
                }
                None
            }
            _ => None,
        };
    }
    network.output_shape = x;
    if let (Some(start), Some(input), Some(claim)) = (network.input.shape(), x, claim)
        && !claim.holds(&input)
    {
        let described = describe(&name, start, Some(claim), &steps);
        let problem = Problem::Expected { claim, got: input };
        let mistake = Mistake { step: steps.len(), input, problem };
        report(network.output.span, words::explain(&described, &mistake));
    }
}

/// The step without the claim that does not hold; `None` if that is not what was wrong.
fn corrected(kind: StepKind<'static>, problem: Problem) -> Option<StepKind<'static>> {
    Some(match (kind, problem) {
        (StepKind::Layer(Layer::Conv2d(mut conv)), Problem::Channels { .. }) => {
            conv.in_channels = None;
            StepKind::Layer(Layer::Conv2d(conv))
        }
        (StepKind::Layer(Layer::Conv1d(mut conv)), Problem::Channels { .. }) => {
            conv.in_channels = None;
            StepKind::Layer(Layer::Conv1d(conv))
        }
        (StepKind::Layer(Layer::ConvTranspose2d(mut conv)), Problem::Channels { .. }) => {
            conv.in_channels = None;
            StepKind::Layer(Layer::ConvTranspose2d(conv))
        }
        (StepKind::Layer(Layer::Linear(mut linear)), Problem::Features { .. }) => {
            linear.in_features = None;
            StepKind::Layer(Layer::Linear(linear))
        }
        (StepKind::Checkpoint(_), Problem::Expected { got, .. }) => {
            let dims: Vec<_> = got.dims().iter().map(|&n| Some(n)).collect();
            StepKind::Checkpoint(Claim::from_dims(&dims)?)
        }
        _ => return None,
    })
}

fn describe<'a>(
    name: &'a str,
    input: Shape,
    output: Option<Claim>,
    steps: &'a [Step<'a>],
) -> Network<'a> {
    // An output that can't be read yet is not what a mistake within the steps is about.
    Network { name, input, output: output.unwrap_or(Claim::features(None)), steps }
}

/// Where the argument stands; the layer, if it is not written out.
pub fn span(kind: &Kind, arg: Arg) -> Span {
    match kind {
        Kind::Checkpoint(shape) => shape.span,
        Kind::Network(path) => path.segments.last().map_or(Span::call_site(), |s| s.ident.span()),
        Kind::Layer(def) => {
            let at = def.spans.iter().rev().find(|(a, _)| *a == arg).or(def.spans.first());
            at.map_or(Span::call_site(), |(_, span)| *span)
        }
    }
}

fn text(name: &Option<proc_macro2::Ident>) -> String {
    name.as_ref().map(|n| n.unraw().to_string()).unwrap_or_default()
}
