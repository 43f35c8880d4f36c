//! The `net!` macro of [shapewright](https://docs.rs/shapewright): networks are declared, their
//! shapes are checked, and dfdx modules come out.
//!
//! Three phases, each a module: `parse` reads tokens into the `ast`, `check` gives the layers
//! their options and walks the shapes as far as they are known here, `emit` writes the network,
//! which `expand` puts into a file for those who ask. What they find wrong with a network is
//! collected in its `diagnostics`, so that one run reports every mistake.

mod ast;
mod check;
mod diagnostics;
mod emit;
mod expand;
mod parse;
#[cfg(test)]
mod tests;

use diagnostics::Diagnostics;
use proc_macro::TokenStream;

/// Declares convolutional networks.
///
/// The grammar, the layers and their options are described in the `shapewright` crate.
#[proc_macro]
pub fn net(input: TokenStream) -> TokenStream {
    expanded(input.into()).into()
}

fn expanded(input: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let mut nameless = Diagnostics::default();
    let networks = parse::networks(input, &mut nameless);
    let names: Vec<String> = networks.iter().map(|network| network.name.to_string()).collect();
    let mut output = expand::tracked();
    for network in networks {
        if emit::editor::is_there() {
            output.extend(emit::editor::words(&network));
        }
        let checked = check::network(network, &names);
        let code = emit::network(&checked);
        output.extend(expand::write(&checked, &code).tokens());
        output.extend(code);
        output.extend(emit::warnings(&checked));
    }
    output.extend(nameless.tokens());
    output
}
