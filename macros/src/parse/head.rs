//! The words before a network's `:`, and what to say if they are others.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Result, Token};

/// What is wrong where `struct` should be; `Err` if there is no name after it either. The input is
/// at the name then.
pub fn without_struct(input: ParseStream) -> Result<Error> {
    const EXPECTED: &str = "expected `struct Name: [input] -> [output] { layers }`";
    let span = input.span();
    let help = |code: &str| Error::new(span, format!("{EXPECTED}\n\nhelp: write `{code}`"));
    if input.peek3(Token![:]) || input.peek3(Token![<]) {
        input.call(Ident::parse_any)?;
        return Ok(help("struct"));
    }
    if input.peek2(Token![:]) || input.peek2(Token![<]) {
        let name = input.fork().call(Ident::parse_any)?;
        return Ok(help(&format!("struct {name}")));
    }
    Err(Error::new(span, EXPECTED))
}

/// The name of a network.
pub fn name(input: ParseStream) -> Result<Ident> {
    if let Ok(name) = input.fork().parse::<Ident>() {
        input.parse::<Ident>()?;
        return Ok(name);
    }
    Err(match input.fork().call(Ident::parse_any) {
        Ok(word) => {
            let mut letters = word.to_string();
            letters[..1].make_ascii_uppercase();
            // `Self` is one of them.
            let name = if letters == "Self" { "Net".to_string() } else { letters };
            Error::new(
                word.span(),
                format!(
                    "`{word}` is a keyword of Rust, so it cannot be a network's name\n\nhelp: name it `{name}`"
                ),
            )
        }
        Err(_) => input
            .error("expected the network's name: `struct Name: [input] -> [output] { layers }`"),
    })
}
