//! Documentation of the generated items: the table of shapes, the parameters of each field.

use super::{Field, FieldType, Scope, params::known_weight};
use crate::check::{Checked, Kind, described};
use proc_macro2::TokenStream;
use quote::quote;
use shapewright_shape::{Shape, words};

/// The table, where the macro knows all of it.
pub fn network(network: &Checked) -> TokenStream {
    let Some(table) = table(network) else { return quote!() };
    let table = format!("\n```text\n{table}```");
    quote!(#[doc = #table])
}

fn table(network: &Checked) -> Option<String> {
    if network.failed() || !network.all_known() {
        return None;
    }
    network.output_shape?;
    Some(words::table(&described(network)?).to_string())
}

/// The struct of a block.
pub fn block(network: &Checked, scope: &Scope) -> TokenStream {
    let name = scope.step.and_then(|step| step.name.as_ref()).map(|name| format!(" `{name}`"));
    let facts = format!("The block{} of [`{}`].", name.unwrap_or_default(), network.name);
    quote!(#[doc = ""] #[doc = #facts])
}

/// The user's words on the step, then its shapes.
pub fn field(network: &Checked, field: &Field) -> TokenStream {
    let attrs = match field.ty {
        // On the struct.
        FieldType::Block(_) | FieldType::Repeat(..) => &[],
        _ => field.step.attrs.as_slice(),
    };
    let facts = if network.failed() { None } else { facts(field) };
    let facts = facts.unwrap_or_else(|| format!("Layer `{}`.", field.path));
    quote!(#(#attrs)* #[doc = ""] #[doc = #facts])
}

fn facts(field: &Field) -> Option<String> {
    let def = match &field.step.kind {
        Kind::Layer(def) => def,
        Kind::Block(_) => return Some(format!("The block at `{}`.", field.path)),
        _ => return Some(format!("The network at `{}`.", field.path)),
    };
    let (layer, input) = (def.known?, field.step.input?);
    let output: Shape = layer.output(input).ok()?;
    let weight = known_weight(field)?;
    let parameters = layer.parameters(input)?;
    if input.is_example() {
        return Some(format!(
            "`{}`: weight `{:?}`, {parameters} parameters.",
            layer.name(),
            weight.dims(),
        ));
    }
    Some(format!(
        "`{}`: `{input}` to `{output}`, weight `{:?}`, {parameters} parameters.",
        layer.name(),
        weight.dims(),
    ))
}
