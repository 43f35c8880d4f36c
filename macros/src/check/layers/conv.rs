//! Convolution, of images and of sequences, and transposed convolution.

use super::{
    LayerDef, Module, Spatial, WeightOptions, known_option, option_tokens, required_kernel,
};
use crate::check::args::{Args, Pair};
use crate::check::padding;
use quote::quote;
use shapewright_shape::{Arg, Conv1d, Conv2d, ConvTranspose2d, Layer};

pub(super) fn conv2d(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("output channels", "Conv2d(16, kernel = 3)");
    let kernel = required_kernel(&mut args, "Conv2d(16, kernel = 3)", None);
    let kernel = args.take_pair(kernel, "kernel", Arg::Kernel);
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
    let spatial = Spatial::windows(&kernel, &stride, &padding, &dilation);
    let weight = WeightOptions::of(&out, &input, 0).of_groups(&groups);
    let weight = weight.with_kernel(kernel.nums.clone());
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
    LayerDef { known, tokens, module: Some(Module::Conv2d), spatial, weight, spans: args.finish() }
}

pub(super) fn conv1d(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("output channels", "Conv1d(16, kernel = 3)");
    let kernel = required_kernel(&mut args, "Conv1d(16, kernel = 3)", None);
    let kernel = args.take_num(kernel, "kernel", Arg::Kernel);
    let stride = args.num("stride", Arg::Stride, 1);
    let padding = padding::option_1d(&mut args);
    let dilation = args.num("dilation", Arg::Dilation, 1);
    let groups = args.num("groups", Arg::Groups, 1);
    let bias = args.flag("bias", true);
    let known = (|| {
        Some(Layer::Conv1d(Conv1d {
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
    let spatial = Spatial::windows_1d(&kernel, &stride, &padding, &dilation);
    let weight = WeightOptions::of(&out, &input, 0).of_groups(&groups);
    let weight = weight.with_kernel([kernel.clone()]);
    let input = option_tokens(&input);
    let (out, groups) = (out.tokens, groups.tokens);
    let (kernel, stride, padding, dilation, bias) =
        (kernel.tokens, stride.tokens, padding.tokens, dilation.tokens, bias.tokens);
    let tokens = quote! {
        Conv1d(::shapewright::shape::Conv1d {
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
    LayerDef { known, tokens, module: Some(Module::Conv1d), spatial, weight, spans: args.finish() }
}

pub(super) fn transposed(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("output channels", "ConvTranspose2d(16, kernel = 2)");
    let kernel = required_kernel(&mut args, "ConvTranspose2d(16, kernel = 2)", None);
    let kernel = args.take_pair(kernel, "kernel", Arg::Kernel);
    let stride = args.pair("stride", Arg::Stride).unwrap_or(Pair::implied(1));
    let padding = padding::option(&mut args);
    let output_padding = args.pair("output_padding", Arg::OutputPadding);
    let output_padding = output_padding.unwrap_or(Pair::implied(0));
    let dilation = args.pair("dilation", Arg::Dilation).unwrap_or(Pair::implied(1));
    let groups = args.num("groups", Arg::Groups, 1);
    let bias = args.flag("bias", true);
    let known = (|| {
        Some(Layer::ConvTranspose2d(ConvTranspose2d {
            in_channels: known_option(&input)?,
            out_channels: out.known?,
            kernel: kernel.known?,
            stride: stride.known?,
            padding: padding.known?,
            output_padding: output_padding.known?,
            dilation: dilation.known?,
            groups: groups.known?,
            bias: bias.known?,
        }))
    })();
    let spatial = Spatial::transposed(&kernel, &stride, &padding, &dilation, &output_padding);
    let weight = WeightOptions::of(&out, &input, 1).of_groups(&groups);
    let weight = weight.with_kernel(kernel.nums.clone());
    let input = option_tokens(&input);
    let (out, groups, output_padding) = (out.tokens, groups.tokens, output_padding.tokens);
    let (kernel, stride, padding, dilation, bias) =
        (kernel.tokens, stride.tokens, padding.tokens, dilation.tokens, bias.tokens);
    let tokens = quote! {
        ConvTranspose2d(::shapewright::shape::ConvTranspose2d {
            in_channels: #input,
            out_channels: #out,
            kernel: #kernel,
            stride: #stride,
            padding: #padding,
            output_padding: #output_padding,
            dilation: #dilation,
            groups: #groups,
            bias: #bias,
        })
    };
    LayerDef {
        known,
        tokens,
        module: Some(Module::ConvTranspose2d),
        spatial,
        weight,
        spans: args.finish(),
    }
}
