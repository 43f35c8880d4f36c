//! Documentation of the generated items: the table of shapes, the parameters of each field.

use super::{Field, FieldType, Scope, params::known_weight};
use crate::check::{Checked, Kind, Step, described};
use proc_macro2::TokenStream;
use quote::quote;
use shapewright_shape::words;
use syn::ext::IdentExt;

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

/// What a step gives, by its name.
pub fn given(network: &Checked, step: &Step, varies: bool) -> String {
    let name = step.name.as_ref().map(|name| name.unraw().to_string()).unwrap_or_default();
    match shapes(step).filter(|_| !network.failed() && !varies) {
        Some(shapes) => format!("What `{name}` gives: {shapes}."),
        None => format!("What `{name}` gives."),
    }
}

fn facts(field: &Field) -> Option<String> {
    let shapes = shapes(field.step).map(|shapes| format!(": {shapes}")).unwrap_or_default();
    let def = match &field.step.kind {
        Kind::Layer(def) => def,
        Kind::Block(_) => return Some(format!("The block at `{}`{shapes}.", field.path)),
        _ => return Some(format!("The network at `{}`{shapes}.", field.path)),
    };
    let (layer, input) = (def.known?, field.step.input?);
    layer.output(input).ok()?;
    let weight = known_weight(field)?;
    let parameters = layer.parameters(input)?;
    let has_bias = parameters > weight.dims().iter().product();
    let bias = if has_bias { format!(", bias `{}`", weight.bias) } else { String::new() };
    Some(format!(
        "`{}`{shapes}; weight `{:?}`{bias}, {parameters} parameters.",
        layer.name(),
        weight.dims(),
    ))
}

/// `` `[3, 32, 32]` to `[6, 28, 28]` ``, if they are known and the same for every input.
fn shapes(step: &Step) -> Option<String> {
    let (input, output) = (step.input?, step.output?);
    (!input.is_example()).then(|| format!("`{input}` to `{output}`"))
}
