//! The forward pass as users call it: the shapes of input and output are in its types.

use crate::ast::{Dim, ShapeExpr};
use crate::check::Checked;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What the methods and trait implementations share.
struct Typed<'a> {
    name: &'a Ident,
    /// `(c, h, w)` as const arguments.
    erased: TokenStream,
    /// `Const<C>, Const<H>, Const<W>`
    input: Vec<TokenStream>,
    output: Vec<TokenStream>,
}

/// One of the four ways to run a network.
#[derive(Clone, Copy)]
struct Way {
    training: bool,
    batched: bool,
}

const WAYS: [Way; 4] = [
    Way { training: false, batched: true },
    Way { training: false, batched: false },
    Way { training: true, batched: true },
    Way { training: true, batched: false },
];

pub fn items(network: &Checked) -> TokenStream {
    let (input, output) = (input_dims(&network.input), output_dims(network));
    let erased = match input.as_slice() {
        [c, h, w] => quote!((#c, #h, #w)),
        [c, l] => quote!((#c, 1, #l)),
        other => quote!((#(#other,)* 1, 1)),
    };
    let constant = |dims: &[TokenStream]| {
        dims.iter().map(|n| quote!(::shapewright::dfdx::shapes::Const<#n>)).collect()
    };
    let (input, output) = (constant(&input), constant(&output));
    let typed = Typed { name: &network.name, erased, input, output };
    let methods = WAYS.map(|way| typed.methods(way));
    let modules = WAYS.map(|way| typed.module(way));
    let name = typed.name;
    quote! {
        impl<E: ::shapewright::FloatDtype, D: ::shapewright::ops::Backend<E>> #name<E, D> {
            #(#methods)*
        }
        #(#modules)*
    }
}

impl Typed<'_> {
    /// `forward` and `try_forward`.
    fn methods(&self, way: Way) -> TokenStream {
        let [forward, try_forward] = way.names(self.name);
        let (this, layer) = (way.this(), way.method());
        let (input, output) = self.tensors(way);
        let erased = &self.erased;
        let consts = self.output.iter().map(|_| quote!(::shapewright::dfdx::shapes::Const));
        let batch_param = way.batched.then(|| quote!(B: ::shapewright::dfdx::shapes::Dim,));
        let (n, shape) = if way.batched {
            let batch = quote!(::shapewright::dfdx::shapes::HasShape::shape(&x).0);
            (
                quote!(::shapewright::dfdx::shapes::Dim::size(&#batch)),
                quote!((#batch, #(#consts,)*)),
            )
        } else {
            (quote!(1), quote!((#(#consts,)*)))
        };
        let doc = way.doc();
        quote! {
            #[doc = #doc]
            ///
            /// # Panics
            /// If the device is out of memory.
            #[track_caller]
            pub fn #forward<#batch_param T: ::shapewright::dfdx::tensor::Tape<E, D>>(
                #this self,
                x: #input,
            ) -> #output {
                ::shapewright::network::expect(self.#try_forward(x))
            }

            #[doc = #doc]
            ///
            /// # Errors
            /// If the device is out of memory.
            pub fn #try_forward<#batch_param T: ::shapewright::dfdx::tensor::Tape<E, D>>(
                #this self,
                x: #input,
            ) -> ::core::result::Result<#output, ::shapewright::Error> {
                let (n, shape) = (#n, #shape);
                ::shapewright::network::typed(x, n, #erased, shape, |x| {
                    ::shapewright::layers::Layer::#layer(self, x)
                })
            }
        }
    }

    /// dfdx's `Module` or `ModuleMut`, whose error is the device's, so that networks fit into
    /// dfdx's tuples.
    fn module(&self, way: Way) -> TokenStream {
        let name = self.name;
        let (this, method) = (way.this(), way.method());
        let [_, try_forward] = way.names(name);
        let (input, output) = self.tensors(way);
        let module = if way.training { quote!(ModuleMut) } else { quote!(Module) };
        let batch_param = way.batched.then(|| quote!(B: ::shapewright::dfdx::shapes::Dim,));
        quote! {
            impl<#batch_param E, D, T> ::shapewright::dfdx::nn::#module<#input> for #name<E, D>
            where
                E: ::shapewright::FloatDtype,
                D: ::shapewright::ops::Backend<E>,
                T: ::shapewright::dfdx::tensor::Tape<E, D>,
            {
                type Output = #output;
                type Error = D::Err;
                fn #method(#this self, x: #input) -> ::core::result::Result<#output, D::Err> {
                    self.#try_forward(x).map_err(D::device_error)
                }
            }
        }
    }

    /// The types of input and output.
    fn tensors(&self, way: Way) -> (TokenStream, TokenStream) {
        let batch = way.batched.then(|| quote!(B,));
        let tensor = |dims: &[TokenStream]| quote!(::shapewright::dfdx::tensor::Tensor<(#batch #(#dims,)*), E, D, T>);
        (tensor(&self.input), tensor(&self.output))
    }
}

impl Way {
    fn this(self) -> TokenStream {
        if self.training { quote!(&mut) } else { quote!(&) }
    }

    /// The method of the traits.
    fn method(self) -> TokenStream {
        if self.training { quote!(try_forward_mut) } else { quote!(try_forward) }
    }

    /// The network's own methods. They have its name's span, so that "method defined here" shows
    /// its line and not the whole of `net!`.
    fn names(self, network: &Ident) -> [Ident; 2] {
        let one = if self.batched { "" } else { "_one" };
        let mutable = if self.training { "_mut" } else { "" };
        ["forward", "try_forward"]
            .map(|verb| Ident::new(&format!("{verb}{one}{mutable}"), network.span()))
    }

    fn doc(self) -> String {
        let (does, how) = if self.training {
            (
                "Runs the network as in training",
                "dropout drops, batch norms take and note the batch's statistics",
            )
        } else {
            (
                "Evaluates the network",
                "dropout does nothing, batch norms take their running statistics",
            )
        };
        let input = if self.batched { "a batch of any size" } else { "one input, without a batch" };
        format!("{does} on {input}: {how}.")
    }
}

/// Const arguments for the input: literals, or the user's expressions in braces.
fn input_dims(shape: &ShapeExpr) -> Vec<TokenStream> {
    shape
        .dims
        .iter()
        .map(|dim| match dim {
            Dim::Size(num) => braced(num.known, &num.tokens),
            Dim::Open => quote!(1),
        })
        .collect()
}

/// Const arguments for the output: as declared, else as inferred here, else by the compiler.
fn output_dims(network: &Checked) -> Vec<TokenStream> {
    let dims = network.output.dims.iter().enumerate();
    dims.map(|(i, dim)| match (dim, network.output_shape) {
        (Dim::Size(num), _) => braced(num.known, &num.tokens),
        (Dim::Open, Some(shape)) if i < shape.rank() => {
            let n = shape.dim(i);
            quote!(#n)
        }
        (Dim::Open, _) => quote!({ OUTPUT.dim(#i) }),
    })
    .collect()
}

fn braced(known: Option<usize>, tokens: &TokenStream) -> TokenStream {
    match known {
        Some(n) => quote!(#n),
        None => quote!({ #tokens }),
    }
}
