//! Convolution.

use super::{LayerDef, Module, known_option, option_tokens, required_kernel};
use crate::check::args::{Args, Pair};
use crate::check::padding;
use quote::quote;
use shapewright_shape::{Arg, Conv2d, Layer};

pub(super) fn conv2d(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("output channels", "Conv2d(16, kernel = 3)");
    let kernel = required_kernel(&mut args, "Conv2d(16, kernel = 3)", None);
    let stride = args.pair("stride", Arg::Stride).unwrap_or(Pair::implied(1));
    let padding = padding::option(&mut args);
    let dilation = args.pair("dilation", Arg::Dilation).unwrap_or(Pair::implied(1));
    let groups = args.num("groups", Arg::Groups, 1);
    let bias = args.flag("bias", true);
    let known = (|| {
        Some(Layer::Conv2d(Conv2d {
            in_channels: known_option(&input)?,
            out_channels: out.known?,
            kernel: kernel.known?,
            stride: stride.known?,
            padding: padding.known?,
            dilation: dilation.known?,
            groups: groups.known?,
            bias: bias.known?,
        }))
    })();
    let input = option_tokens(&input);
    let (out, groups) = (out.tokens, groups.tokens);
    let (kernel, stride, padding, dilation, bias) =
        (kernel.tokens, stride.tokens, padding.tokens, dilation.tokens, bias.tokens);
    let tokens = quote! {
        Conv2d(::shapewright::shape::Conv2d {
            in_channels: #input,
            out_channels: #out,
            kernel: #kernel,
            stride: #stride,
            padding: #padding,
            dilation: #dilation,
            groups: #groups,
            bias: #bias,
        })
    };
    LayerDef { known, tokens, module: Some(Module::Conv2d), spans: args.finish() }
}
