//! The fully connected layer.

use super::{LayerDef, Module, Spatial, WeightOptions, claim};
use crate::check::args::{Args, Known};
use crate::check::init;
use quote::quote;
use shapewright_shape::Layer;

pub(super) fn linear(mut args: Args) -> LayerDef {
    let (input, out) = args.in_out("features", 10);
    let bias = args.flag("bias", true);
    let init = init::option(&mut args);
    let weight = WeightOptions::of(&out, &input, 0);
    let (in_features, out_features) = (claim(&input), out);
    let layer = known_layer!(Linear { in_features, out_features, bias, init });
    layer.with_parameters(Module::Linear, Spatial::Kept, weight, args)
}
