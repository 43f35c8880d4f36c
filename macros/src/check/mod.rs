//! [`ast`](crate::ast) to layers with all their options, and the walk over their shapes as far as
//! the macro can know them. What it can't know, the compiler checks by const evaluation, with
//! the same rules and words.

mod args;
mod layers;
mod padding;
mod shapes;
mod walk;

pub use layers::{LayerDef, Module};
pub use walk::span;

use crate::ast::{self, Network, ShapeExpr};
use crate::diagnostics::Diagnostics;
use proc_macro2::Ident;
use shapewright_shape::{Shape, StepKind};
use syn::{Attribute, Path, Visibility};

/// A network that has been checked as far as the macro can.
pub struct Checked {
    pub attrs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    pub input: ShapeExpr,
    pub output: ShapeExpr,
    pub steps: Vec<Step>,
    /// Whether an error has been reported: then nothing else may complain about this network.
    pub failed: bool,
    /// The shape that comes out, if it is known here.
    pub output_shape: Option<Shape>,
}

pub struct Step {
    pub attrs: Vec<Attribute>,
    pub name: Option<Ident>,
    /// Position among the layers, PyTorch's name for an unnamed one.
    pub index: usize,
    pub kind: Kind,
    /// The shape that arrives, if it is known here.
    pub input: Option<Shape>,
}

pub enum Kind {
    Layer(LayerDef),
    /// Another network. What it takes and gives, only the compiler knows.
    Network(Path),
    Checkpoint(ShapeExpr),
}

impl Kind {
    /// The step for the shape engine, if all its numbers are known.
    pub fn known(&self) -> Option<StepKind<'static>> {
        match self {
            Kind::Layer(def) => def.known.map(StepKind::Layer),
            Kind::Network(_) => None,
            Kind::Checkpoint(shape) => shape.claim().map(StepKind::Checkpoint),
        }
    }
}

impl Checked {
    /// Whether the macro could read every number, and so has checked everything itself.
    pub fn all_known(&self) -> bool {
        self.input.shape().is_some()
            && self.output.claim().is_some()
            && self.steps.iter().all(|step| step.kind.known().is_some())
    }
}

/// Checks one network.
pub fn network(network: Network, diagnostics: &mut Diagnostics) -> Checked {
    let before = diagnostics.count();
    let mut steps: Vec<Step> = Vec::new();
    let mut index = 0;
    for ast::Step { attrs, kind } in network.steps {
        for attr in attrs.iter().filter(|a| !a.path().is_ident("doc")) {
            diagnostics.error_on(attr, "a step takes doc comments, but no other attributes");
        }
        let (name, kind) = match kind {
            ast::StepKind::Checkpoint(shape) => (None, Kind::Checkpoint(shape)),
            ast::StepKind::Layer { name, call } if !layers::is_built_in(&call) => {
                if let Some(value) = call.positional.first() {
                    diagnostics.error(value.span(), "a network takes no arguments");
                }
                if let Some((key, _)) = call.named.first() {
                    diagnostics.error(key.span(), "a network takes no arguments");
                }
                (name, Kind::Network(call.path))
            }
            ast::StepKind::Layer { name, call } => {
                let Some(def) = layers::layer(call, diagnostics) else { continue };
                (name, Kind::Layer(def))
            }
        };
        if let Some(name) = &name
            && steps.iter().any(|s| s.name.as_ref() == Some(name))
        {
            diagnostics.error(name.span(), format!("there are two layers named `{name}`"));
            continue;
        }
        let is_layer = !matches!(kind, Kind::Checkpoint(_));
        steps.push(Step { attrs, name, index, kind, input: None });
        index += is_layer as usize;
    }
    let mut checked = Checked {
        attrs: network.attrs,
        vis: network.vis,
        name: network.name,
        input: network.input,
        output: network.output,
        steps,
        failed: network.failed,
        output_shape: None,
    };
    // After an unknown layer the shapes would only raise errors of their own.
    if !checked.failed && diagnostics.count() == before {
        walk::shapes(&mut checked, diagnostics);
    }
    checked.failed |= diagnostics.count() > before;
    checked
}
