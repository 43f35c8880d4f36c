//! The forward pass as users call it: the shapes of input and output are in its types.

use super::Names;
use super::description::is_left_to_the_compiler;
use super::names::place;
use super::takes::Takes;
use crate::ast::Dim;
use crate::check::Checked;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// What the methods and trait implementations share.
pub struct Typed<'a> {
    names: &'a Names,
    /// `Const<C>, Const<H>, Const<W>`
    input: Vec<TokenStream>,
    takes: Takes,
    output: Vec<TokenStream>,
    /// The dimension variables of a network for any size; its output's are computed of them.
    variables: Vec<Ident>,
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

impl<'a> Typed<'a> {
    pub fn of(network: &Checked, names: &'a Names) -> Self {
        let (input, output) = (input_dims(network, names), output_dims(network, names, true));
        let takes = Takes::of(network, names, &input);
        Typed { names, input, takes, output, variables: network.variables.clone() }
    }

    /// The network's own methods.
    pub fn methods(&self) -> TokenStream {
        let methods = WAYS.map(|way| self.pair(way));
        let (params, this) = (&self.names.params, self.names.with(&self.names.ident));
        quote! {
            impl<#params E: ::shapewright::FloatDtype, D: ::shapewright::ops::Backend<E>> #this {
                #(#methods)*
            }
        }
    }

    /// The implementations of dfdx's traits.
    pub fn modules(&self) -> TokenStream {
        WAYS.into_iter().map(|way| self.module(way)).collect()
    }

    /// What says that the network takes what it is declared for.
    pub fn takes(&self) -> TokenStream {
        self.takes.items(self.names)
    }

    /// For a method that takes a batch without a tape: its type, parameters and bound.
    pub fn batch(&self) -> (TokenStream, TokenStream, TokenStream) {
        let way = Way { training: false, batched: true };
        let input = &self.takes.dims;
        let input = quote!(::shapewright::dfdx::tensor::Tensor<(B, #(#input,)*), E, D>);
        let (params, given) = (self.params(way), self.takes.params());
        (input, quote!(#params #given), self.bound())
    }

    /// `forward` and `try_forward`.
    fn pair(&self, way: Way) -> TokenStream {
        let [forward, try_forward] = way.names(&self.names.ident);
        let (this, layer) = (way.this(), way.method());
        let (input, output) = self.tensors(way, &self.takes.dims);
        let (params, given) = (self.params(way), self.takes.params());
        let (bound, batched) = (self.bound(), way.batched);
        let (doc, rank) = (way.doc(), self.output.len());
        // Without const parameters it has been checked where it is declared.
        let check = self.names.is_generic().then(|| {
            let ty = &self.names.ty;
            quote_spanned!(place(&self.names.ident)=> const { ::shapewright::network::check::<#ty>() };)
        });
        let errors = if self.variables.is_empty() {
            "If the device is out of memory."
        } else {
            "If the input is too small for a layer, or the device is out of memory."
        };
        quote! {
            #[doc = #doc]
            ///
            /// # Panics
            #[doc = #errors]
            #[track_caller]
            pub fn #forward<#params #given T: ::shapewright::dfdx::tensor::Tape<E, D>>(
                #this self,
                x: #input,
            ) -> #output #bound {
                ::shapewright::network::expect(self.#try_forward(x))
            }

            #[doc = #doc]
            ///
            /// # Errors
            #[doc = #errors]
            pub fn #try_forward<#params #given T: ::shapewright::dfdx::tensor::Tape<E, D>>(
                #this self,
                x: #input,
            ) -> ::core::result::Result<#output, ::shapewright::Error> #bound {
                #check
                ::shapewright::network::typed(x, #batched, #rank, |x| {
                    ::shapewright::layers::Layer::#layer(self, x)
                })
            }
        }
    }

    /// dfdx's `Module` or `ModuleMut`, whose error is the device's, so that networks fit into
    /// dfdx's tuples.
    fn module(&self, way: Way) -> TokenStream {
        let (params, network) = (&self.names.params, self.names.with(&self.names.ident));
        let (this, method) = (way.this(), way.method());
        let [_, try_forward] = way.names(&self.names.ident);
        let (input, output) = self.tensors(way, &self.input);
        let module = if way.training { quote!(ModuleMut) } else { quote!(Module) };
        let own = self.params(way);
        let bound = self.variables.is_empty().then(TokenStream::new).unwrap_or_else(|| {
            let (ty, dims) = (&self.names.ty, self.spatial());
            quote!(#ty: ::shapewright::dims::Maps<#dims>,)
        });
        quote! {
            impl<#params #own E, D, T> ::shapewright::dfdx::nn::#module<#input> for #network
            where
                E: ::shapewright::FloatDtype,
                D: ::shapewright::ops::Backend<E>,
                T: ::shapewright::dfdx::tensor::Tape<E, D>,
                #bound
            {
                type Output = #output;
                type Error = D::Err;
                fn #method(#this self, x: #input) -> ::core::result::Result<#output, D::Err> {
                    self.#try_forward(x).map_err(D::device_error)
                }
            }
        }
    }

    /// The batch and the dimension variables, as parameters of a method or an `impl`.
    fn params(&self, way: Way) -> TokenStream {
        let batch = way.batched.then(|| quote!(B: ::shapewright::dfdx::shapes::Dim,));
        let variables = &self.variables;
        quote!(#batch #(#variables: ::shapewright::dfdx::shapes::Dim,)*)
    }

    /// Of a method: `where Self: TakesImages<…>, Net: Maps<(H, W)>`.
    fn bound(&self) -> TokenStream {
        let (takes, ty, variables) = (self.takes.bound(), &self.names.ty, self.spatial());
        let maps = quote!(#ty: ::shapewright::dims::Maps<#variables>,);
        let maps = (!self.variables.is_empty()).then_some(maps);
        quote!(where #takes #maps)
    }

    /// All dimensions of the input but the channels, as a tuple.
    fn spatial(&self) -> TokenStream {
        let dims = &self.input[1..];
        quote!((#(#dims,)*))
    }

    /// What a frozen network takes: the same.
    pub fn frozen(&self) -> TokenStream {
        let (params, ident, args) = (&self.names.params, &self.names.ident, &self.names.args);
        let takes = [true, false].map(|batched| {
            let way = Way { training: false, batched };
            let (own, given, bound) = (self.params(way), self.takes.params(), self.bound());
            let (input, output) = self.shapes(way, &self.takes.dims);
            quote_spanned! {place(&self.names.ident)=>
                impl<#params #own #given E: ::shapewright::frozen::Element>
                    ::shapewright::frozen::Accepts<#input, E>
                    for #ident<#args E, ::shapewright::dfdx::tensor::Cpu>
                #bound
                {
                    type Output = #output;
                }
            }
        });
        takes.into_iter().collect()
    }

    /// The types of input, given its dimensions, and output.
    fn tensors(&self, way: Way, input: &[TokenStream]) -> (TokenStream, TokenStream) {
        let tensor =
            |shape: TokenStream| quote!(::shapewright::dfdx::tensor::Tensor<#shape, E, D, T>);
        let (input, output) = self.shapes(way, input);
        (tensor(input), tensor(output))
    }

    /// Their shapes.
    fn shapes(&self, way: Way, input: &[TokenStream]) -> (TokenStream, TokenStream) {
        let batch = way.batched.then(|| quote!(B,));
        let output = &self.output;
        let output = if self.variables.is_empty() {
            quote!((#batch #(#output,)*))
        } else {
            let (ty, dims, channels) = (&self.names.ty, self.spatial(), &output[0]);
            let shape = if way.batched { quote!(Batch) } else { quote!(Single) };
            quote!(::shapewright::dims::#shape<#ty, #dims, #batch #channels>)
        };
        (quote!((#batch #(#input,)*)), output)
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

/// The dimensions of the input as types.
fn input_dims(network: &Checked, names: &Names) -> Vec<TokenStream> {
    let dims = network.input.dims.iter();
    dims.map(|dim| match dim {
        Dim::Size(num) => constant(names.const_arg(num).unwrap_or(quote!(1))),
        Dim::Variable(name) => quote!(#name),
        Dim::Open => constant(quote!(1)),
    })
    .collect()
}

/// The first dimension of the output that only the compiler can compute, when it checks the shapes.
pub fn computed_output(network: &Checked) -> Option<usize> {
    let dims = || network.output.dims.iter();
    // Of a network for any size only the channels are computed so.
    let open = network.output_shape.is_none()
        && is_left_to_the_compiler(network)
        && !network.is_variable();
    dims().position(|dim| !matches!(dim, Dim::Size(_))).filter(|_| open)
}

/// The dimensions of the output: as declared, else as inferred here, else by the compiler; `checked`
/// where `Output` can be named, see [`computed_output`].
pub fn output_dims(network: &Checked, names: &Names, checked: bool) -> Vec<TokenStream> {
    let computed = computed_output(network).filter(|_| checked);
    let dims = network.output.dims.iter().enumerate();
    dims.map(|(i, dim)| {
        let declared = match dim {
            Dim::Size(num) => names.const_arg(num),
            Dim::Open | Dim::Variable(_) => None,
        };
        if let Some(n) = declared {
            return constant(n);
        }
        let ty = &names.ty;
        match network.output_shape {
            Some(shape) if i < shape.rank() => {
                let n = shape.dim(i);
                constant(quote!(#n))
            }
            _ if names.is_generic() => quote!(::shapewright::network::OutputDim<#ty, #i>),
            _ if network.failed() => constant(quote!(1)),
            _ if computed == Some(i) => quote!(Output),
            _ => constant(quote! {
                { <#ty as ::shapewright::network::Declared>::NETWORK.output_or_declared().dim(#i) }
            }),
        }
    })
    .collect()
}

fn constant(n: TokenStream) -> TokenStream {
    quote!(::shapewright::dfdx::shapes::Const<#n>)
}
