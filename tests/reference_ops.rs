//! Every reference case of PyTorch's, in both number types: the output and all gradients.

mod common;

use common::{Case, Reference, relative_error};
use dfdx::prelude::*;
use shapewright::Error;
use shapewright::ops::{self, Backend, CpuElement, Erased};

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

fn conv2d_case<E: CpuElement>(reference: &Reference, case: &Case) -> usize
where
    Cpu: Backend<E>,
{
    let dev = Cpu::default();
    let conv = case.conv2d();
    let x = image::<E>(&dev, reference, &case.name("x"));
    let weight = image::<E>(&dev, reference, &case.name("w"));
    let bias = conv.bias.then(|| {
        let (shape, b) = elements::<E>(reference, &case.name("b"));
        dev.tensor_from_vec(b, (shape[0],))
    });
    let gy = image::<E>(&dev, reference, &case.name("gy"));

    let y = ops::conv2d(x.leaky_trace(), &weight, bias.as_ref(), &conv).unwrap();
    let without_tape = ops::conv2d(x.clone(), &weight, bias.as_ref(), &conv).unwrap();
    assert_eq!(y.as_vec(), without_tape.as_vec(), "{}", case.id);

    let mut results = vec![("y", y.as_vec())];
    let grads = (y * gy).sum().backward();
    results.push(("gx", grads.get(&x).as_vec()));
    results.push(("gw", grads.get(&weight).as_vec()));
    results.extend(bias.map(|b| ("gb", grads.get(&b).as_vec())));
    compare(reference, case, &results)
}

fn pool2d_case<E: CpuElement>(reference: &Reference, case: &Case) -> usize
where
    Cpu: Backend<E>,
{
    let pool = case.pool2d();
    stateless_case(reference, case, |x| ops::pool2d(x, &pool), |x| ops::pool2d(x, &pool))
}

fn lp_pool2d_case<E: CpuElement>(reference: &Reference, case: &Case) -> usize
where
    Cpu: Backend<E>,
{
    let pool = case.lp_pool2d();
    stateless_case(reference, case, |x| ops::pool2d(x, &pool), |x| ops::pool2d(x, &pool))
}

fn adaptive_pool2d_case<E: CpuElement>(reference: &Reference, case: &Case) -> usize
where
    Cpu: Backend<E>,
{
    let pool = case.adaptive_pool2d();
    let run = |x| ops::adaptive_pool2d(x, &pool);
    stateless_case(reference, case, run, |x| ops::adaptive_pool2d(x, &pool))
}

fn upsample_case<E: CpuElement>(reference: &Reference, case: &Case) -> usize
where
    Cpu: Backend<E>,
{
    let upsample = case.upsample();
    let run = |x| ops::upsample(x, &upsample);
    stateless_case(reference, case, run, |x| ops::upsample(x, &upsample))
}

type Traced<E> = Erased<E, Cpu, OwnedTape<E, Cpu>>;

/// An operation without parameters, with a tape and without.
fn stateless_case<E: CpuElement>(
    reference: &Reference,
    case: &Case,
    traced: impl Fn(Traced<E>) -> Result<Traced<E>, Error>,
    untraced: impl Fn(Erased<E, Cpu>) -> Result<Erased<E, Cpu>, Error>,
) -> usize
where
    Cpu: Backend<E>,
{
    let dev = Cpu::default();
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
fn compare<E: CpuElement>(reference: &Reference, case: &Case, results: &[(&str, Vec<E>)]) -> usize {
    for (name, out) in results {
        let error = relative_error(out, &reference.tensor(&case.name(name)).1);
        assert!(error <= TOLERANCE, "{}.{name}: relative error {error:e}", case.id);
    }
    results.len()
}

fn image<E: CpuElement>(dev: &Cpu, reference: &Reference, name: &str) -> Erased<E, Cpu> {
    let (shape, data) = elements(reference, name);
    let [b, c, h, w] = shape[..] else { panic!("{name} is {shape:?}") };
    dev.tensor_from_vec(data, (b, c, h, w))
}

fn elements<E: CpuElement>(reference: &Reference, name: &str) -> (Vec<usize>, Vec<E>) {
    let (shape, data) = reference.tensor(name);
    (shape, data.into_iter().map(|v| E::cast(v.into())).collect())
}
