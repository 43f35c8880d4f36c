//! Normalisations.

use super::{LayerDef, Module, Spatial, WeightOptions};
use crate::ast::Num;
use crate::check::args::{Args, Known};
use crate::check::init;
use quote::quote;
use shapewright_shape::{Arg, Layer, NormKind};

/// `BatchNorm2d`, `BatchNorm1d(momentum = 0.2)`.
pub(super) fn batch(mut args: Args, images: bool) -> LayerDef {
    let eps = eps(&mut args);
    let momentum = args.named("momentum");
    let momentum = args.float(momentum, "momentum", Arg::Momentum, 0.1);
    let known = momentum.known.map(|momentum| match images {
        true => NormKind::Batch2d { momentum },
        false => NormKind::Batch1d { momentum },
    });
    let tokens = momentum.tokens;
    let tokens = match images {
        true => quote!(Batch2d { momentum: #tokens }),
        false => quote!(Batch1d { momentum: #tokens }),
    };
    finish(args, Known { known, tokens }, eps, Module::BatchNorm)
}

/// `LayerNorm`.
pub(super) fn layer(mut args: Args) -> LayerDef {
    let eps = eps(&mut args);
    let kind = Known { known: Some(NormKind::Layer), tokens: quote!(Layer) };
    finish(args, kind, eps, Module::LayerNorm)
}

/// `GroupNorm(8)`.
pub(super) fn group(mut args: Args) -> LayerDef {
    let groups = match args.positional() {
        Some(value) => args.take_num(value, "groups", Arg::Groups),
        None if args.has("groups") => args.num("groups", Arg::Groups, 1),
        None => {
            let span = args.layer.span();
            let (label, fix) = (args.label.clone(), args.call_with("1"));
            args.wrong(span, format!("{label} needs its number of groups"), &[fix]);
            Num::stand_in(span)
        }
    };
    let eps = eps(&mut args);
    let known = groups.known.map(|groups| NormKind::Group { groups });
    let groups = groups.tokens;
    let kind = Known { known, tokens: quote!(Group { groups: #groups }) };
    finish(args, kind, eps, Module::GroupNorm)
}

fn eps(args: &mut Args) -> Known<f64> {
    let eps = args.named("eps");
    args.float(eps, "eps", Arg::Epsilon, 1e-5)
}

fn finish(mut args: Args, kind: Known<NormKind>, eps: Known<f64>, module: Module) -> LayerDef {
    let Known { known, tokens } = kind;
    let kind = Known { known, tokens: quote!(::shapewright::shape::NormKind::#tokens) };
    let init = init::of_norm(&mut args);
    let layer = known_layer!(Norm { kind, eps, init });
    layer.with_parameters(module, Spatial::Kept, WeightOptions::default(), args)
}
