//! Convolution, of images and of sequences, and transposed convolution.

use super::{LayerDef, Module, Spatial, WeightOptions, claim, required_kernel};
use crate::check::args::{Args, Known, Pair};
use crate::check::{init, padding};
use quote::quote;
use shapewright_shape::{Arg, Layer};

pub(super) fn conv2d(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("channels", 16);
    let kernel = required_kernel(&mut args, None);
    let kernel = args.take_pair(kernel, "kernel", Arg::Kernel);
    let stride = args.pair("stride", Arg::Stride).unwrap_or(Pair::implied(1));
    let padding = padding::option(&mut args);
    let dilation = args.pair("dilation", Arg::Dilation).unwrap_or(Pair::implied(1));
    let groups = args.num("groups", Arg::Groups, 1);
    let bias = args.flag("bias", true);
    let init = init::option(&mut args);
    let spatial = Spatial::windows(&kernel, &stride, &padding, &dilation);
    let weight = WeightOptions::of(&out, &input, 0).of_groups(&groups);
    let weight = weight.with_kernel(kernel.nums.clone());
    let (in_channels, out_channels) = (claim(&input), out);
    let layer = known_layer!(Conv2d {
        in_channels,
        out_channels,
        kernel,
        stride,
        padding,
        dilation,
        groups,
        bias,
        init
    });
    layer.with_parameters(Module::Conv2d, spatial, weight, args)
}

pub(super) fn conv1d(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("channels", 16);
    let kernel = required_kernel(&mut args, None);
    let kernel = args.take_num(kernel, "kernel", Arg::Kernel);
    let stride = args.num("stride", Arg::Stride, 1);
    let padding = padding::option_1d(&mut args);
    let dilation = args.num("dilation", Arg::Dilation, 1);
    let groups = args.num("groups", Arg::Groups, 1);
    let bias = args.flag("bias", true);
    let init = init::option(&mut args);
    let spatial = Spatial::windows_1d(&kernel, &stride, &padding, &dilation);
    let weight = WeightOptions::of(&out, &input, 0).of_groups(&groups);
    let weight = weight.with_kernel([kernel.clone()]);
    let (in_channels, out_channels) = (claim(&input), out);
    let layer = known_layer!(Conv1d {
        in_channels,
        out_channels,
        kernel,
        stride,
        padding,
        dilation,
        groups,
        bias,
        init
    });
    layer.with_parameters(Module::Conv1d, spatial, weight, args)
}

pub(super) fn transposed(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("channels", 16);
    let kernel = required_kernel(&mut args, None);
    let kernel = args.take_pair(kernel, "kernel", Arg::Kernel);
    let stride = args.pair("stride", Arg::Stride).unwrap_or(Pair::implied(1));
    let padding = padding::option(&mut args);
    let output_padding = args.pair("output_padding", Arg::OutputPadding);
    let output_padding = output_padding.unwrap_or(Pair::implied(0));
    let dilation = args.pair("dilation", Arg::Dilation).unwrap_or(Pair::implied(1));
    let groups = args.num("groups", Arg::Groups, 1);
    let bias = args.flag("bias", true);
    let init = init::option(&mut args);
    let spatial = Spatial::transposed(&kernel, &stride, &padding, &dilation, &output_padding);
    let weight = WeightOptions::of(&out, &input, 1).of_groups(&groups);
    let weight = weight.with_kernel(kernel.nums.clone());
    let (in_channels, out_channels) = (claim(&input), out);
    let layer = known_layer!(ConvTranspose2d {
        in_channels,
        out_channels,
        kernel,
        stride,
        padding,
        output_padding,
        dilation,
        groups,
        bias,
        init
    });
    layer.with_parameters(Module::ConvTranspose2d, spatial, weight, args)
}
