//! A convolution that looks for patterns larger than the image.

use super::super::{Block, Checked, Kind, Step, span};
use super::{Finding, chain, trial};
use crate::ast::Join;
use shapewright_shape::{Arg, Conv1d, Conv2d, Layer, Padding, ReceptiveField};

pub fn find(network: &Checked) -> Vec<Finding> {
    let mut search = Search { network, found: None };
    let input = network.steps.first().and_then(|step| step.input);
    if let Some(input) = input.filter(|input| !input.is_example() && input.rank() > 1) {
        search.steps(&network.steps, ReceptiveField::of_input(input));
    }
    search.found.into_iter().collect()
}

/// Follows what every path from the input has seen: a skip connection keeps the view small, and
/// convolutions after it useful.
struct Search<'a> {
    network: &'a Checked,
    found: Option<Finding>,
}

impl Search<'_> {
    /// The field after the steps; `None` where it is not known or no longer one of windows on the
    /// image, or when there is a finding.
    fn steps(&mut self, steps: &[Step], field: ReceptiveField) -> Option<ReceptiveField> {
        steps.iter().try_fold(field, |field, step| match &step.kind {
            Kind::Checkpoint(_) => Some(field),
            Kind::Network(_) => None,
            Kind::Block(block) => self.block(block, field),
            Kind::Layer(_) => {
                let (layer, input) = (chain::layer(step)?, step.input?);
                if let (true, Some(seen)) = (is_wide(&layer), field.beyond()) {
                    self.found = Some(self.finding(step, layer, seen)?);
                    return None;
                }
                match layer {
                    // Normalisations see all, but no patterns.
                    Layer::Norm(_) => Some(field),
                    // From here on images are made, not looked at.
                    Layer::Upsample(_) | Layer::ConvTranspose2d(_) | Layer::Reshape(_) => None,
                    Layer::Flatten | Layer::Linear(_) => None,
                    layer => Some(field.after(&layer, input)),
                }
            }
        })
    }

    fn block(&mut self, block: &Block, field: ReceptiveField) -> Option<ReceptiveField> {
        if let Join::Repeat(rounds) = &block.join {
            // More rounds would see no more than these.
            let rounds = rounds.known?.min(1000);
            return (0..rounds).try_fold(field, |field, _| self.steps(&block.branches[0], field));
        }
        let mut all = Vec::new();
        if let Join::Residual = block.join {
            all.push(field);
        }
        for branch in &block.branches {
            all.push(self.steps(branch, field)?);
        }
        all.into_iter().reduce(ReceptiveField::and)
    }

    fn finding(&self, step: &Step, layer: Layer, [h, w]: [usize; 2]) -> Option<Finding> {
        let input = self.network.steps.first()?.input?;
        let (seen, image) = match input.rank() {
            2 => (w.to_string(), format!("sequence of {}", input.dim(1))),
            _ => (format!("{h} × {w}"), format!("image of {} × {}", input.dim(1), input.dim(2))),
        };
        let headline = format!(
            "{} has nothing new to look at: each pixel that arrives depends on all of the {image} \
             already (its receptive field is {seen})",
            chain::label(self.network, step),
        );
        let mut help = Vec::new();
        if trial::of(self.network, step, of_one(layer)?).is_some_and(|claims| claims.is_empty()) {
            help.push("a kernel of 1 without padding mixes the channels alone".into());
        }
        help.push("leave it out, or use fewer strides and pools before it".into());
        let (number, span) = (step.number, span(&step.kind, Arg::Layer));
        Some(Finding { number, span, headline, because: None, help })
    }
}

/// A convolution that looks beyond the pixel.
fn is_wide(layer: &Layer) -> bool {
    match layer {
        Layer::Conv2d(conv) => conv.kernel != [1, 1],
        Layer::Conv1d(conv) => conv.kernel != 1,
        _ => false,
    }
}

/// The same convolution of single pixels.
fn of_one(layer: Layer) -> Option<Layer> {
    let padding = Padding::NONE;
    Some(match layer {
        Layer::Conv2d(conv) => Layer::Conv2d(Conv2d { kernel: [1, 1], padding, ..conv }),
        Layer::Conv1d(conv) => Layer::Conv1d(Conv1d { kernel: 1, padding, ..conv }),
        _ => return None,
    })
}
