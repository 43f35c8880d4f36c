//! Dimension variables: `for<H, W> [3, H, W] -> [10, _, _]`.

use crate::ast::{Dim, Network, ShapeExpr, Step, StepKind};
use crate::diagnostics::{Diagnostics, suggest};
use proc_macro2::Ident;

/// Each stands for one dimension of the input, and only there and in the output.
pub fn check(network: &Network, diagnostics: &mut Diagnostics) {
    let variables = &network.variables;
    for (i, name) in variables.iter().enumerate() {
        let uses = uses(&network.input, name);
        if variables[..i].contains(name) {
            diagnostics.error(
                name.span(),
                format!("there are two dimension variables named `{name}`\n\nhelp: remove it"),
            );
        } else if uses.is_empty() {
            diagnostics.error(
                name.span(),
                format!(
                    "`{name}` is no dimension of the input\n\n\
                     help: remove it, or write it where it is the input's size"
                ),
            );
        }
        if uses.contains(&0) && network.input.dims.len() > 1 {
            diagnostics.error(
                network.input.span,
                format!(
                    "`{name}` stands for the channels, on which the weights depend; \
                     give their number, or make it a const parameter: `struct {}<const {name}: usize>`",
                    network.name
                ),
            );
        } else if uses.contains(&0) {
            diagnostics.error(
                network.input.span,
                format!("`{name}` stands for the features, on which the weights depend; give their number"),
            );
        } else if uses.len() > 1 {
            diagnostics.error(
                network.input.span,
                format!("`{name}` is given twice; a square input is checked with two variables"),
            );
        }
    }
    if !variables.is_empty() {
        output(network, diagnostics);
        checkpoints(&network.steps, diagnostics);
    }
}

/// After a mistake: only the variables that make sense, for what is generated all the same.
pub fn repair(network: &mut Network) {
    let first = &mut network.input.dims[0];
    if let Dim::Variable(_) = first {
        *first = Dim::Open;
    }
    let mut used = Vec::new();
    for dim in &network.input.dims {
        if let Dim::Variable(name) = dim
            && !used.contains(name)
        {
            used.push(name.clone());
        }
    }
    network.variables = used;
    for dim in &mut network.output.dims {
        if matches!(dim, Dim::Variable(_)) {
            *dim = Dim::Open;
        }
    }
}

/// The dimensions that this variable stands for.
fn uses(shape: &ShapeExpr, name: &Ident) -> Vec<usize> {
    let dims = shape.dims.iter().enumerate();
    dims.filter(|(_, dim)| matches!(dim, Dim::Variable(v) if v == name)).map(|(i, _)| i).collect()
}

/// The output may repeat a variable where the input has it.
fn output(network: &Network, diagnostics: &mut Diagnostics) {
    for (i, dim) in network.output.dims.iter().enumerate() {
        match dim {
            Dim::Variable(name) if i == 0 => diagnostics.error(
                name.span(),
                format!(
                    "`{name}` is a size of the input, and can't be a number of channels\n\n\
                     help: write `_`, to have them inferred"
                ),
            ),
            Dim::Size(num) if num.known.is_none() => {
                // A constant, unless it looks like a variable that was mistyped.
                let word = num.tokens.to_string();
                // Probably one that is not there yet.
                let missing =
                    network.variables.iter().filter(|v| uses(&network.output, v).is_empty());
                let names: Vec<String> = missing.map(|v| v.to_string()).collect();
                let names: Vec<&str> = names.iter().map(|s| s.as_str()).collect();
                let is_param = network.generics.const_params().any(|p| p.ident == word);
                if word.len() == 1 && i > 0 && !is_param {
                    let hint = suggest(&word, &names);
                    diagnostics
                        .error(num.span, format!("there is no dimension variable `{word}`{hint}"));
                }
            }
            _ => {}
        }
    }
}

/// What a checkpoint says of a variable dimension can't be checked for all sizes.
fn checkpoints(steps: &[Step], diagnostics: &mut Diagnostics) {
    for step in steps {
        match &step.kind {
            StepKind::Checkpoint(shape) => {
                for dim in &shape.dims {
                    if let Dim::Variable(name) = dim {
                        diagnostics.error(
                            name.span(),
                            format!(
                                "a checkpoint says nothing of `{name}`, which is open\n\n\
                                 help: write `_`"
                            ),
                        );
                    }
                }
            }
            StepKind::Block(block) => {
                block.branches.iter().for_each(|b| checkpoints(b, diagnostics));
            }
            StepKind::Layer(_) => {}
        }
    }
}
