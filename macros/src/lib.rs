//! The `net!` macro of [shapewright](https://docs.rs/shapewright): networks are declared, their
//! shapes are checked, and dfdx modules come out.
//!
//! Three phases, each a module: `parse` reads tokens into the `ast`, `check` gives the layers
//! their options and walks the shapes as far as they are known here, `emit` writes the network.
//! What they find wrong with a network is collected in its `diagnostics`, so that one run reports
//! every mistake.

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
    let mut nameless = Diagnostics::default();
    let networks = parse::networks(input.into(), &mut nameless);
    let mut output = proc_macro2::TokenStream::new();
    for network in networks {
        if emit::editor::is_there() {
            output.extend(emit::editor::words(&network));
        }
        output.extend(emit::network(&check::network(network)));
    }
    output.extend(nameless.tokens());
    output.into()
}
