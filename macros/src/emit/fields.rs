//! Which structs there are, and their fields: the network's, and one for each block that has a
//! scope of its own.

use crate::ast::{Join, Num};
use crate::check::{Checked, Kind, Module, NetworkPath, Step};
use proc_macro2::Ident;
use quote::format_ident;
use syn::ext::IdentExt;

/// A struct: the network's, or a block's.
pub struct Scope<'a> {
    pub ident: &'a Ident,
    /// The block; `None` for the network.
    pub step: Option<&'a Step>,
    pub fields: Vec<Field<'a>>,
}

/// A step that has parameters, or whose inner steps have.
pub struct Field<'a> {
    pub ident: Ident,
    /// PyTorch's name: the field's own, or the number of the layer in its scope.
    pub path: String,
    pub step: &'a Step,
    pub ty: FieldType<'a>,
}

pub enum FieldType<'a> {
    Layer(Module),
    Network(&'a NetworkPath),
    /// The struct of a block.
    Block(&'a Ident),
    /// So many of them.
    Repeat(&'a Ident, &'a Num),
}

/// All structs of a network, its own first.
pub fn scopes(network: &Checked) -> Vec<Scope<'_>> {
    let mut scopes = Vec::new();
    scope(&network.name, None, &[&network.steps], &mut scopes);
    scopes
}

/// The identifier of the field that a step would have.
pub fn ident(step: &Step) -> Ident {
    let index = step.index;
    step.name.clone().unwrap_or_else(|| format_ident!("_{index}"))
}

/// Whether the step is a field: whether there are parameters in it.
pub fn is_field(step: &Step) -> bool {
    match &step.kind {
        Kind::Layer(def) => def.module.is_some(),
        Kind::Network(_) => true,
        Kind::Checkpoint(_) => false,
        Kind::Block(block) => block.branches.iter().flatten().any(is_field),
    }
}

fn scope<'a>(
    ident: &'a Ident,
    step: Option<&'a Step>,
    branches: &[&'a Vec<Step>],
    scopes: &mut Vec<Scope<'a>>,
) {
    let place = scopes.len();
    scopes.push(Scope { ident, step, fields: Vec::new() });
    let mut fields = Vec::new();
    for branch in branches {
        collect(branch, &mut fields, scopes);
    }
    scopes[place].fields = fields;
}

fn collect<'a>(steps: &'a [Step], fields: &mut Vec<Field<'a>>, scopes: &mut Vec<Scope<'a>>) {
    for step in steps.iter().filter(|step| is_field(step)) {
        let name = step.name.as_ref().map(|n| n.unraw().to_string());
        let ty = match &step.kind {
            Kind::Layer(def) => match def.module {
                Some(module) => FieldType::Layer(module),
                None => continue,
            },
            Kind::Network(path) => FieldType::Network(path),
            Kind::Checkpoint(_) => continue,
            Kind::Block(block) => {
                let Some(ident) = &step.scope else {
                    block.branches.iter().for_each(|branch| collect(branch, fields, scopes));
                    continue;
                };
                let branches: Vec<_> = block.branches.iter().collect();
                scope(ident, Some(step), &branches, scopes);
                match &block.join {
                    Join::Repeat(rounds) => FieldType::Repeat(ident, rounds),
                    _ => FieldType::Block(ident),
                }
            }
        };
        let path = name.unwrap_or_else(|| step.index.to_string());
        fields.push(Field { ident: ident(step), path, step, ty });
    }
}
