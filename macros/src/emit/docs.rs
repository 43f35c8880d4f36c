//! Documentation of the generated items: the table of shapes, the parameters of each field.

use super::{Field, params::known_weight};
use crate::check::{Checked, Kind};
use proc_macro2::TokenStream;
use quote::quote;
use shapewright_shape::{Claim, Network, Shape, Step, words};
use syn::ext::IdentExt;

/// The table, where the macro knows all of it.
pub fn network(network: &Checked) -> TokenStream {
    let Some(table) = table(network) else { return quote!() };
    let table = format!("\n```text\n{table}```");
    quote!(#[doc = #table])
}

fn table(network: &Checked) -> Option<String> {
    if network.failed {
        return None;
    }
    let names: Vec<String> = network
        .steps
        .iter()
        .map(|s| s.name.as_ref().map(|n| n.unraw().to_string()).unwrap_or_default())
        .collect();
    let steps: Option<Vec<Step>> = (names.iter().zip(&network.steps))
        .map(|(name, step)| Some(Step { name, kind: step.kind.known()? }))
        .collect();
    let described = Network {
        name: "",
        input: network.input.shape()?,
        output: Claim::features(None),
        steps: &steps?,
    };
    network.output_shape?;
    Some(words::table(&described).to_string())
}

/// The user's words on the step, then its shapes.
pub fn field(network: &Checked, field: &Field) -> TokenStream {
    let attrs = &field.inner.attrs;
    let facts = if network.failed { None } else { facts(field) };
    let facts = facts.unwrap_or_else(|| format!("Layer `{}`.", field.path));
    quote!(#(#attrs)* #[doc = ""] #[doc = #facts])
}

fn facts(field: &Field) -> Option<String> {
    let Kind::Layer(def) = &field.inner.kind else {
        return Some(format!("The network at `{}`.", field.path));
    };
    let (layer, input) = (def.known?, field.inner.input?);
    let output: Shape = layer.output(input).ok()?;
    let weight = known_weight(field)?;
    let parameters = layer.parameters(input)?;
    Some(format!(
        "`{}`: `{input}` to `{output}`, weight `{:?}`, {parameters} parameters.",
        layer.name(),
        weight.dims(),
    ))
}
