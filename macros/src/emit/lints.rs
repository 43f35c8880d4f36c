//! What the lints found, as warnings of rustc: on stable a macro has none of its own, but a use
//! of something deprecated is one, with the note for its words and the user's token for its place.

use super::editor;
use crate::check::{Checked, Warning};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// An editor would take them for what the user's words mean; it shows the compiler's.
pub fn warnings(network: &Checked) -> TokenStream {
    let cfgs: Vec<_> = network.attrs.iter().filter(|a| a.path().is_ident("cfg")).collect();
    let shown = network.warnings.iter().filter(|warning| warning.denied || !editor::is_there());
    let items = shown.map(item).map(|item| quote!(#(#cfgs)* #item));
    items.collect()
}

/// Of all items, a macro is the one that rustc names as it is written at its use: with the path
/// that allows the lint, `shapewright::dropped_rows`. What is defined has the span of its use, so
/// that it is found when another macro wrote the network.
fn item(Warning { lint, denied, span, words }: &Warning) -> TokenStream {
    if *denied {
        return syn::Error::new(*span, words).into_compile_error();
    }
    let tool = Ident::new("shapewright", *span);
    let name = Ident::new(lint.name(), *span);
    let used = quote_spanned!(*span=> shapewright::#name!);
    quote! {
        const _: () = {
            mod #tool {
                #[deprecated(note = #words)]
                macro_rules! #name { () => {} }
                #[allow(deprecated)]
                pub(super) use #name;
            }
            #used {}
        };
    }
}
