//! What an editor is given beside the network: the words of its declaration where the editor looks
//! for what they mean and for what could stand there. Of no use to the compiler, so it gets none.

use crate::ast::{Block, Call, Dim, Join, Network, Num, ShapeExpr, Step, StepKind, Value};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// Whether it is rust-analyzer that expands the macro; its server for macros wants this variable.
pub fn is_there() -> bool {
    std::env::var_os("RUST_ANALYZER_INTERNALS_DO_NOT_USE").is_some()
}

/// Each layer as a pattern of the type that documents it, with its options as fields, and each value
/// as an expression. Layers and options that there are not yet get completed there.
pub fn words(network: &Network) -> TokenStream {
    let consts = network.generics.const_params();
    let (input, output) = (shape(&network.input), shape(&network.output));
    let steps = steps(&network.steps);
    quote! {
        const _: () = {
            fn words<#(#consts),*>() {
                #[allow(unused_imports)]
                use ::shapewright::net::*;
                #input
                #output
                #steps
            }
        };
    }
}

/// The same without the places of its words, for what is generated from them: each word leads to
/// one place then, not to all that it has been written to.
pub fn without_places(tokens: TokenStream) -> TokenStream {
    let trees = tokens.into_iter().map(|tree| match tree {
        TokenTree::Group(group) => {
            let inner = without_places(group.stream());
            TokenTree::Group(Group::new(group.delimiter(), inner))
        }
        mut tree => {
            tree.set_span(Span::call_site());
            tree
        }
    });
    trees.collect()
}

fn steps(all: &[Step]) -> TokenStream {
    all.iter()
        .map(|step| match &step.kind {
            StepKind::Layer(call) => layer(call),
            StepKind::Checkpoint(claim) => shape(claim),
            StepKind::Block(inner) => block(inner),
        })
        .collect()
}

fn layer(call: &Call) -> TokenStream {
    // The path of a network is that of a field's type.
    let Some(name) = call.path.get_ident() else { return TokenStream::new() };
    let named = call.named.iter().map(|(key, _)| key);
    // An option that is being typed.
    let typed = call.positional.iter().filter_map(|value| match value {
        Value::Word(word) if is_lower(word) => Some(word),
        _ => None,
    });
    let values = call.positional.iter().filter(|v| !matches!(v, Value::Word(w) if is_lower(w)));
    let values = values.map(|v| value(v, None));
    let options = call.named.iter().map(|(key, v)| value(v, Some(key)));
    let fields = named.chain(typed);
    quote! {
        if let #name { #(#fields: _,)* .. } = ::core::panic!() {}
        #(#values)*
        #(#options)*
    }
}

fn block(block: &Block) -> TokenStream {
    let branches = block.branches.iter().map(|branch| steps(branch));
    let word = match &block.join {
        Join::Chain => return quote!(#(#branches)*),
        Join::Residual | Join::Shortcut => "Residual",
        Join::Concat => "Concat",
        Join::Sum => "Sum",
        Join::Repeat(_) => "Repeat",
    };
    let name = Ident::new(word, block.span);
    let rounds = match &block.join {
        Join::Repeat(rounds) => num(rounds),
        _ => TokenStream::new(),
    };
    quote! {
        if let #name { .. } = ::core::panic!() {}
        #rounds
        #(#branches)*
    }
}

fn value(value: &Value, key: Option<&Ident>) -> TokenStream {
    match value {
        Value::Int(n) => num(n),
        Value::Word(word) => match key {
            // `same`, `nearest` and so on, or what will become one of them.
            Some(key) if is_lower(word) && (key == "padding" || key == "mode" || key == "init") => {
                let words = Ident::new(&key.to_string(), Span::call_site());
                quote!(let _ = ::shapewright::net::values::#words::#word;)
            }
            _ => quote!(let _ = #word;),
        },
        Value::Expr { tokens, .. } => quote!(let _ = #tokens;),
        Value::Tuple { items, .. } => items.iter().map(|item| self::value(item, None)).collect(),
        Value::Shape(claim) => shape(claim),
        Value::Arrow(from, to) => [from, to].map(|v| self::value(v, None)).into_iter().collect(),
        Value::Float { .. } | Value::Bool { .. } | Value::Wrong { .. } | Value::Bad(_) => {
            TokenStream::new()
        }
    }
}

fn shape(shape: &ShapeExpr) -> TokenStream {
    let dims = shape.dims.iter();
    dims.map(|dim| if let Dim::Size(n) = dim { num(n) } else { TokenStream::new() }).collect()
}

/// A number that is not written in digits.
fn num(num: &Num) -> TokenStream {
    let tokens = num.tokens.to_token_stream();
    if num.known.is_some() { TokenStream::new() } else { quote!(let _: usize = #tokens;) }
}

fn is_lower(word: &Ident) -> bool {
    word.to_string().starts_with(char::is_lowercase)
}
