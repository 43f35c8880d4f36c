//! The forward pass: typed where users call it, erased inside.

use super::Field;
use crate::ast::{Dim, ShapeExpr};
use crate::check::{Checked, Kind};
use proc_macro2::TokenStream;
use quote::quote;

pub fn items(network: &Checked, fields: &[Field]) -> TokenStream {
    let layer = layer(network, fields);
    let typed = typed(network);
    quote!(#layer #typed)
}

/// The steps in order, on tensors whose shapes are numbers: instantiated once for each element
/// type, device and tape.
fn layer(network: &Checked, fields: &[Field]) -> TokenStream {
    let name = &network.name;
    let body = |fields_method: TokenStream, stateless: TokenStream| -> TokenStream {
        let steps = network.steps.iter().enumerate();
        steps
            .filter(|(_, step)| matches!(step.kind, Kind::Layer(_)))
            .map(|(i, _)| match fields.iter().find(|f| f.step == i) {
                Some(Field { ident, .. }) => quote! {
                    let x = ::shapewright::layers::Layer::#fields_method(#ident, x)?;
                },
                None => quote!(let x = ::shapewright::layers::#stateless(x, &NETWORK.steps[#i])?;),
            })
            .collect()
    };
    let (eval, train) = (
        body(quote!(try_forward), quote!(stateless)),
        body(quote!(try_forward_mut), quote!(stateless_mut)),
    );
    let idents: Vec<_> = fields.iter().map(|f| &f.ident).collect();
    let method = |method: TokenStream, this: TokenStream, body: TokenStream| {
        quote! {
            fn #method<T: ::shapewright::dfdx::tensor::Tape<E, D>>(
                #this self,
                x: ::shapewright::ops::Erased<E, D, T>,
            ) -> ::core::result::Result<::shapewright::ops::Erased<E, D, T>, ::shapewright::Error> {
                let Self { #(#idents,)* .. } = self;
                #body
                ::core::result::Result::Ok(x)
            }
        }
    };
    let eval = method(quote!(try_forward), quote!(&), eval);
    let train = method(quote!(try_forward_mut), quote!(&mut), train);
    quote! {
        impl<E: ::shapewright::FloatDtype, D: ::shapewright::ops::Backend<E>>
            ::shapewright::layers::Layer<E, D> for #name<E, D>
        {
            #eval
            #train
        }
    }
}

fn typed(network: &Checked) -> TokenStream {
    let name = &network.name;
    let (input, output) = (input_dims(&network.input), output_dims(network));
    let erased = match input.as_slice() {
        [c, h, w] => quote!((#c, #h, #w)),
        [c, l] => quote!((#c, 1, #l)),
        other => quote!((#(#other,)* 1, 1)),
    };
    let constant = |dims: &[TokenStream]| -> Vec<TokenStream> {
        dims.iter().map(|n| quote!(::shapewright::dfdx::shapes::Const<#n>)).collect()
    };
    let (input, output) = (constant(&input), constant(&output));
    let tensor = |shape: &TokenStream| quote!(::shapewright::dfdx::tensor::Tensor<#shape, E, D, T>);
    let value = output.iter().map(|_| quote!(::shapewright::dfdx::shapes::Const));
    let value: Vec<_> = value.collect();
    let (one, many) = (quote!((#(#input,)*)), quote!((B, #(#input,)*)));
    let (one_out, many_out) = (tensor(&quote!((#(#output,)*))), tensor(&quote!((B, #(#output,)*))));
    let (one, many) = (tensor(&one), tensor(&many));

    let mut inherent = TokenStream::new();
    for (training, this) in [(false, quote!(&)), (true, quote!(&mut))] {
        let names = if training {
            [
                quote!(forward_mut),
                quote!(try_forward_mut),
                quote!(forward_one_mut),
                quote!(try_forward_one_mut),
            ]
        } else {
            [quote!(forward), quote!(try_forward), quote!(forward_one), quote!(try_forward_one)]
        };
        let [forward, try_forward, forward_one, try_forward_one] = names;
        let layer = if training { quote!(try_forward_mut) } else { quote!(try_forward) };
        let (does, dropout) = if training {
            ("Runs the network as in training", "dropout is on")
        } else {
            ("Evaluates the network", "dropout is off")
        };
        let batch_doc = format!("{does} on a batch of any size; {dropout}.");
        let one_doc = format!("{does} on one input without a batch; {dropout}.");
        let panics = "# Panics\nIf the device is out of memory.";
        let errors = "# Errors\nIf the device is out of memory.";
        inherent.extend(quote! {
            #[doc = #batch_doc]
            #[doc = ""]
            #[doc = #panics]
            #[track_caller]
            pub fn #forward<B, T>(#this self, x: #many) -> #many_out
            where
                B: ::shapewright::dfdx::shapes::Dim,
                T: ::shapewright::dfdx::tensor::Tape<E, D>,
            {
                ::shapewright::network::expect(self.#try_forward(x))
            }

            #[doc = #batch_doc]
            #[doc = ""]
            #[doc = #errors]
            pub fn #try_forward<B, T>(
                #this self,
                x: #many,
            ) -> ::core::result::Result<#many_out, ::shapewright::Error>
            where
                B: ::shapewright::dfdx::shapes::Dim,
                T: ::shapewright::dfdx::tensor::Tape<E, D>,
            {
                let batch = ::shapewright::dfdx::shapes::HasShape::shape(&x).0;
                let n = ::shapewright::dfdx::shapes::Dim::size(&batch);
                ::shapewright::network::typed(x, n, #erased, (batch, #(#value,)*), |x| {
                    ::shapewright::layers::Layer::#layer(self, x)
                })
            }

            #[doc = #one_doc]
            #[doc = ""]
            #[doc = #panics]
            #[track_caller]
            pub fn #forward_one<T>(#this self, x: #one) -> #one_out
            where
                T: ::shapewright::dfdx::tensor::Tape<E, D>,
            {
                ::shapewright::network::expect(self.#try_forward_one(x))
            }

            #[doc = #one_doc]
            #[doc = ""]
            #[doc = #errors]
            pub fn #try_forward_one<T>(
                #this self,
                x: #one,
            ) -> ::core::result::Result<#one_out, ::shapewright::Error>
            where
                T: ::shapewright::dfdx::tensor::Tape<E, D>,
            {
                ::shapewright::network::typed(x, 1, #erased, (#(#value,)*), |x| {
                    ::shapewright::layers::Layer::#layer(self, x)
                })
            }
        });
    }

    // dfdx's traits, whose errors are the device's, so that networks fit into its tuples.
    let mut traits = TokenStream::new();
    for (input, output, batch, suffix) in [
        (&many, &many_out, quote!(B: ::shapewright::dfdx::shapes::Dim,), false),
        (&one, &one_out, quote!(), true),
    ] {
        let (eval, train) = if suffix {
            (quote!(try_forward_one), quote!(try_forward_one_mut))
        } else {
            (quote!(try_forward), quote!(try_forward_mut))
        };
        traits.extend(quote! {
            impl<#batch E, D, T> ::shapewright::dfdx::nn::Module<#input> for #name<E, D>
            where
                E: ::shapewright::FloatDtype,
                D: ::shapewright::ops::Backend<E>,
                T: ::shapewright::dfdx::tensor::Tape<E, D>,
            {
                type Output = #output;
                type Error = D::Err;
                fn try_forward(&self, x: #input) -> ::core::result::Result<#output, D::Err> {
                    self.#eval(x).map_err(D::device_error)
                }
            }
            impl<#batch E, D, T> ::shapewright::dfdx::nn::ModuleMut<#input> for #name<E, D>
            where
                E: ::shapewright::FloatDtype,
                D: ::shapewright::ops::Backend<E>,
                T: ::shapewright::dfdx::tensor::Tape<E, D>,
            {
                type Output = #output;
                type Error = D::Err;
                fn try_forward_mut(&mut self, x: #input) -> ::core::result::Result<#output, D::Err> {
                    self.#train(x).map_err(D::device_error)
                }
            }
        });
    }
    quote! {
        impl<E: ::shapewright::FloatDtype, D: ::shapewright::ops::Backend<E>> #name<E, D> {
            #inherent
        }
        #traits
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
