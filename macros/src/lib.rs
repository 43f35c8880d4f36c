//! The `net!` macro of [shapewright](https://docs.rs/shapewright): networks are declared, their
//! shapes are checked, and dfdx modules come out.
//!
//! Three phases, each a module: `parse` reads tokens into the `ast`, `check` gives the layers
//! their options and walks the shapes as far as they are known here, `emit` writes the network.
//! All collect what they find wrong in `diagnostics`, so that one run reports every mistake.

mod ast;
mod check;
mod diagnostics;
mod emit;
mod parse;

use diagnostics::Diagnostics;
use proc_macro::TokenStream;

/// Declares convolutional networks.
///
/// The grammar, the layers and their options are described in the `shapewright` crate.
#[proc_macro]
pub fn net(input: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let networks = parse::networks(input.into(), &mut diagnostics);
    let mut output = proc_macro2::TokenStream::new();
    for network in networks {
        let checked = check::network(network, &mut diagnostics);
        output.extend(emit::network(&checked));
    }
    output.extend(diagnostics.into_tokens());
    output.into()
}
