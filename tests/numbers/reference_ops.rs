//! Every reference case of PyTorch's, in both number types: the output and all gradients.

use crate::common::{Case, Reference, relative_error};
use dfdx::prelude::*;
use shapewright::Error;
use shapewright::FloatDtype;
use shapewright::ops::{self, Backend, Erased};

/// Only the order of additions may differ.
const TOLERANCE: f64 = 1e-5;

#[test]
fn conv2d() {
    every_case("conv2d", conv2d_case::<f32>, conv2d_case::<f64>);
}

#[test]
fn max_pool2d() {
    every_case("max_pool2d", pool2d_case::<f32>, pool2d_case::<f64>);
}

#[test]
fn avg_pool2d() {
    every_case("avg_pool2d", pool2d_case::<f32>, pool2d_case::<f64>);
}

#[test]
fn adaptive_avg_pool2d() {
    every_case("adaptive_avg_pool2d", adaptive_pool2d_case::<f32>, adaptive_pool2d_case::<f64>);
}

#[test]
fn adaptive_max_pool2d() {
    every_case("adaptive_max_pool2d", adaptive_pool2d_case::<f32>, adaptive_pool2d_case::<f64>);
}

#[test]
fn lp_pool2d() {
    every_case("lp_pool2d", lp_pool2d_case::<f32>, lp_pool2d_case::<f64>);
}

#[test]
fn upsample_nearest() {
    every_case("upsample_nearest", upsample_case::<f32>, upsample_case::<f64>);
}

#[test]
fn upsample_bilinear() {
    every_case("upsample_bilinear", upsample_case::<f32>, upsample_case::<f64>);
}

#[test]
fn conv_transpose2d() {
    every_case("conv_transpose2d", conv_transpose2d_case::<f32>, conv_transpose2d_case::<f64>);
}

#[test]
fn batch_norm2d() {
    every_case("batch_norm2d", batch_norm_case::<f32>, batch_norm_case::<f64>);
}

#[test]
fn batch_norm1d() {
    every_case("batch_norm1d", batch_norm_case::<f32>, batch_norm_case::<f64>);
}

#[test]
fn layer_norm() {
    every_case("layer_norm", group_norm_case::<f32>, group_norm_case::<f64>);
}

#[test]
fn group_norm() {
    every_case("group_norm", group_norm_case::<f32>, group_norm_case::<f64>);
}

#[test]
fn linear() {
    every_case("linear", linear_case::<f32>, linear_case::<f64>);
}

#[test]
fn conv1d() {
    every_case("conv1d", conv1d_case::<f32>, conv1d_case::<f64>);
}

#[test]
fn pools_of_sequences() {
    for op in ["max_pool1d", "avg_pool1d", "lp_pool1d"] {
        every_case(op, pool1d_case::<f32>, pool1d_case::<f64>);
    }
}

#[test]
fn zero_pad2d() {
    every_case("zero_pad2d", zero_pad2d_case::<f32>, zero_pad2d_case::<f64>);
}

#[test]
fn activations() {
    let all = [
        "relu",
        "leaky_relu",
        "elu",
        "gelu",
        "silu",
        "sigmoid",
        "tanh",
        "softplus",
        "softmax",
        "log_softmax",
    ];
    for op in all {
        every_case(op, activation_case::<f32>, activation_case::<f64>);
    }
}

/// The same closure twice, for its argument is of one type only.
macro_rules! for_both_tapes {
    ($run:expr) => {
        ($run, $run)
    };
}

/// Runs all cases in both number types. Each must compare an output and a gradient at least.
fn every_case(
    op: &str,
    single: fn(&Reference, &Case) -> usize,
    double: fn(&Reference, &Case) -> usize,
) {
    let reference = Reference::load();
    let cases = reference.cases_of(op);
    let mut ran = 0;
    for case in &cases {
        assert!(single(&reference, case) >= 2);
        assert!(double(&reference, case) >= 2);
        ran += 1;
    }
    println!("{op}: {ran} cases, f32 and f64");
    assert_eq!(ran, cases.len());
}

fn conv2d_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let conv = case.conv2d();
    let run =
        for_both_tapes!(|x, weight: &_, bias: Option<&_>| ops::conv2d(x, weight, bias, &conv));
    weighted_case(reference, case, conv.bias, |s| (s[0], s[1], s[2], s[3]), run)
}

fn conv_transpose2d_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let conv = case.conv_transpose2d();
    let run = for_both_tapes!(|x, weight: &_, bias: Option<&_>| ops::conv_transpose2d(
        x, weight, bias, &conv
    ));
    weighted_case(reference, case, conv.bias, |s| (s[0], s[1], s[2], s[3]), run)
}

fn conv1d_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let conv = case.conv1d();
    let run =
        for_both_tapes!(|x, weight: &_, bias: Option<&_>| ops::conv1d(x, weight, bias, &conv));
    weighted_case(reference, case, conv.bias, |s| (s[0], s[1], s[2]), run)
}

fn linear_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let linear = case.linear();
    let run =
        for_both_tapes!(|x, weight: &_, bias: Option<&_>| ops::linear(x, weight, bias, &linear));
    weighted_case(reference, case, linear.bias, |s| (s[0], s[1]), run)
}

fn group_norm_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let norm = case.norm();
    let run = for_both_tapes!(|x, weight: &_, bias: Option<&_>| ops::group_norm(
        x,
        weight,
        bias.unwrap(),
        &norm
    ));
    // Those of a `LayerNorm` lie in order whatever their shape.
    weighted_case(reference, case, true, |shape| (shape.iter().product::<usize>(),), run)
}

fn batch_norm_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let dev = AutoDevice::default();
    let (norm, training) = (case.norm(), case.training());
    let x = image::<E>(&dev, reference, &case.name("x"));
    let gy = image::<E>(&dev, reference, &case.name("gy"));
    let named = |name: &str| vector::<E>(&dev, reference, &case.name(name));
    let (weight, bias) = (named("w"), named("b"));
    let (mut mean, mut variance) = (named("running_mean_before"), named("running_var_before"));

    let y = if training {
        let running = [&mut mean, &mut variance];
        ops::batch_norm_train(x.leaky_trace(), &weight, &bias, running, &norm)
    } else {
        ops::batch_norm(x.leaky_trace(), &weight, &bias, [&mean, &variance], &norm)
    };
    let y = y.unwrap();
    let out = y.as_vec();
    let grads = (y * gy).sum().backward();
    let results = [
        ("y", out),
        ("gx", grads.get(&x).as_vec()),
        ("gw", grads.get(&weight).as_vec()),
        ("gb", grads.get(&bias).as_vec()),
        ("running_mean_after", mean.as_vec()),
        ("running_var_after", variance.as_vec()),
    ];
    compare(reference, case, &results)
}

fn pool2d_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let pool = case.pool2d();
    stateless_case(reference, case, |x| ops::pool2d(x, &pool), |x| ops::pool2d(x, &pool))
}

fn lp_pool2d_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let pool = case.lp_pool2d();
    stateless_case(reference, case, |x| ops::pool2d(x, &pool), |x| ops::pool2d(x, &pool))
}

fn pool1d_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let pool = case.pool1d();
    stateless_case(reference, case, |x| ops::pool1d(x, &pool), |x| ops::pool1d(x, &pool))
}

fn zero_pad2d_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let pad = case.zero_pad2d();
    stateless_case(reference, case, |x| ops::zero_pad2d(x, &pad), |x| ops::zero_pad2d(x, &pad))
}

fn activation_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let kind = case.activation();
    stateless_case(reference, case, |x| ops::activation(x, kind), |x| ops::activation(x, kind))
}

fn adaptive_pool2d_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let pool = case.adaptive_pool2d();
    let run = |x| ops::adaptive_pool2d(x, &pool);
    stateless_case(reference, case, run, |x| ops::adaptive_pool2d(x, &pool))
}

fn upsample_case<E: FloatDtype>(reference: &Reference, case: &Case) -> usize
where
    AutoDevice: Backend<E>,
{
    let upsample = case.upsample();
    let run = |x| ops::upsample(x, &upsample);
    stateless_case(reference, case, run, |x| ops::upsample(x, &upsample))
}

type Traced<E> = Erased<E, AutoDevice, OwnedTape<E, AutoDevice>>;
type Untraced<E> = Erased<E, AutoDevice>;
type Vector<E> = Tensor<(usize,), E, AutoDevice>;

/// An operation with a weight of the shape `weight_shape`, and a bias if there is one, with a
/// tape and without.
fn weighted_case<E: FloatDtype, W: Shape>(
    reference: &Reference,
    case: &Case,
    bias: bool,
    weight_shape: impl Fn(&[usize]) -> W,
    (traced, untraced): (
        impl Fn(Traced<E>, &Tensor<W, E, AutoDevice>, Option<&Vector<E>>) -> Result<Traced<E>, Error>,
        impl Fn(
            Untraced<E>,
            &Tensor<W, E, AutoDevice>,
            Option<&Vector<E>>,
        ) -> Result<Untraced<E>, Error>,
    ),
) -> usize
where
    AutoDevice: Backend<E>,
{
    let dev = AutoDevice::default();
    let x = image::<E>(&dev, reference, &case.name("x"));
    let gy = image::<E>(&dev, reference, &case.name("gy"));
    let (shape, data) = elements(reference, &case.name("w"));
    let weight = dev.tensor_from_vec(data, weight_shape(&shape));
    let bias = bias.then(|| vector(&dev, reference, &case.name("b")));

    let y = traced(x.leaky_trace(), &weight, bias.as_ref()).unwrap();
    let without_tape = untraced(x.clone(), &weight, bias.as_ref()).unwrap();
    assert_eq!(y.as_vec(), without_tape.as_vec(), "{}", case.id);

    let mut results = vec![("y", y.as_vec())];
    let grads = (y * gy).sum().backward();
    results.push(("gx", grads.get(&x).as_vec()));
    results.push(("gw", grads.get(&weight).as_vec()));
    results.extend(bias.map(|b| ("gb", grads.get(&b).as_vec())));
    compare(reference, case, &results)
}

/// An operation without parameters, with a tape and without.
fn stateless_case<E: FloatDtype>(
    reference: &Reference,
    case: &Case,
    traced: impl Fn(Traced<E>) -> Result<Traced<E>, Error>,
    untraced: impl Fn(Untraced<E>) -> Result<Untraced<E>, Error>,
) -> usize
where
    AutoDevice: Backend<E>,
{
    let dev = AutoDevice::default();
    let x = image::<E>(&dev, reference, &case.name("x"));
    let gy = image::<E>(&dev, reference, &case.name("gy"));

    let y = traced(x.leaky_trace()).unwrap();
    let without_tape = untraced(x.clone()).unwrap();
    assert_eq!(y.as_vec(), without_tape.as_vec(), "{}", case.id);

    let out = y.as_vec();
    let grads = (y * gy).sum().backward();
    compare(reference, case, &[("y", out), ("gx", grads.get(&x).as_vec())])
}

/// The number of tensors compared.
fn compare<E: FloatDtype>(reference: &Reference, case: &Case, results: &[(&str, Vec<E>)]) -> usize {
    for (name, out) in results {
        let error = relative_error(out, &reference.tensor(&case.name(name)).1);
        assert!(error <= TOLERANCE, "{}.{name}: relative error {error:e}", case.id);
    }
    results.len()
}

fn image<E: FloatDtype>(
    dev: &AutoDevice,
    reference: &Reference,
    name: &str,
) -> Erased<E, AutoDevice> {
    let (shape, data) = elements(reference, name);
    let dims = match shape[..] {
        [b, f] => (b, f, 1, 1),
        [b, c, l] => (b, c, 1, l),
        [b, c, h, w] => (b, c, h, w),
        _ => panic!("{name} is {shape:?}"),
    };
    dev.tensor_from_vec(data, dims)
}

fn vector<E: FloatDtype>(dev: &AutoDevice, reference: &Reference, name: &str) -> Vector<E> {
    let (shape, data) = elements(reference, name);
    dev.tensor_from_vec(data, (shape.iter().product(),))
}

fn elements<E: FloatDtype>(reference: &Reference, name: &str) -> (Vec<usize>, Vec<E>) {
    let (shape, data) = reference.tensor(name);
    (shape, data.into_iter().map(|v| E::from_f32(v).unwrap()).collect())
}
