//! Losses, optimisers, clipping and the state of optimisers, against PyTorch's numbers.

use dfdx::prelude::*;
use serde_json::Value;
use shapewright::Error;
use shapewright::losses::{CrossEntropy, cross_entropy};
use shapewright::ops::GradientDevice;
use shapewright::optim::{Optimizer, OptimizerConfig, Rule, StateError, clip_norm, norm};

fn cases(part: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../data/training.json")).unwrap();
    let cases = all[part].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn counts(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

#[track_caller]
fn assert_close(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (i, (a, b)) in got.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{i}: {a}, PyTorch's {b}");
    }
}

#[test]
fn cross_entropy_and_its_gradient_are_pytorchs() {
    let dev = AutoDevice::default();
    for case in cases("losses") {
        let loss = CrossEntropy {
            label_smoothing: case["label_smoothing"].as_f64().unwrap(),
            class_weights: case["class_weights"]
                .as_array()
                .map(|_| numbers(&case["class_weights"])),
            ignore: case["ignore"].as_u64().map(|label| label as usize),
        };
        let (logits, labels) = (numbers(&case["logits"]), counts(&case["labels"]));
        let (got, gradient) = match *counts(&case["shape"]) {
            [b, k] => {
                let x = dev.tensor_from_vec(logits, (b, k));
                let loss = loss.loss(x.leaky_trace(), &labels).unwrap();
                (loss.as_vec()[0], loss.backward().get(&x).as_vec())
            }
            [b, k, l] => {
                let x = dev.tensor_from_vec(logits, (b, k, l));
                let loss = loss.loss(x.leaky_trace(), &labels).unwrap();
                (loss.as_vec()[0], loss.backward().get(&x).as_vec())
            }
            [b, k, h, w] => {
                let x = dev.tensor_from_vec(logits, (b, k, h, w));
                let loss = loss.loss(x.leaky_trace(), &labels).unwrap();
                (loss.as_vec()[0], loss.backward().get(&x).as_vec())
            }
            ref shape => panic!("{shape:?}"),
        };
        assert_close(&[got], &[case["loss"].as_f64().unwrap()]);
        assert_close(&gradient, &numbers(&case["gradient"]));
    }
}

#[test]
fn labels_and_options_that_make_no_sense_are_errors() {
    let dev = AutoDevice::default();
    let logits = || -> Tensor<Rank2<2, 3>, f32, AutoDevice> { dev.zeros() };
    let message =
        |loss: CrossEntropy, labels: &[usize]| loss.loss(logits(), labels).unwrap_err().to_string();
    assert_eq!(
        cross_entropy(logits(), &[1]).unwrap_err(),
        Error::Labels { logits: vec![2, 3], labels: 1, expected: 2 }
    );
    assert_eq!(
        message(CrossEntropy::default(), &[0, 1, 2]),
        "the logits are (2, 3) and take 2 labels, but there are 3"
    );
    assert_eq!(
        message(CrossEntropy { label_smoothing: 1.5, ..Default::default() }, &[0, 1]),
        "the label smoothing is 1.5, but should be from 0 to 1"
    );
    for weights in [vec![1.0; 2], vec![1.0, -1.0, 1.0], vec![1.0, f64::NAN, 1.0]] {
        let loss = CrossEntropy { class_weights: Some(weights), ..Default::default() };
        assert!(message(loss, &[0, 1]).contains("takes a finite weight from 0 on for each class"));
    }
    let none = CrossEntropy { ignore: Some(255), ..Default::default() };
    assert!(message(none, &[255, 255]).starts_with("no label counts for the logits (2, 3)"));
}

/// Sets the gradient of `parameter`.
fn gradients(
    parameter: &Tensor<Rank1<6>, f64, AutoDevice>,
    values: Vec<f64>,
) -> Gradients<f64, AutoDevice> {
    let mut gradients = Gradients::leaky();
    AutoDevice::set_elements(&mut gradients, parameter, values).unwrap();
    gradients
}

fn parity<C: OptimizerConfig>(kind: &str, config: C) {
    let dev = AutoDevice::default();
    let case = cases("optimisers").into_iter().find(|case| case["kind"] == kind).unwrap();
    let mut parameter: Tensor<Rank1<6>, f64, _> =
        dev.tensor_from_vec(numbers(&case["start"]), (Const,));
    let mut optimizer = Optimizer::new(config);
    let steps = case["gradients"].as_array().unwrap().iter().zip(case["after"].as_array().unwrap());
    for (gradient, after) in steps {
        let mut gradients = gradients(&parameter, numbers(gradient));
        optimizer.update(&mut parameter, &mut gradients).unwrap();
        assert_close(&parameter.as_vec(), &numbers(after));
    }
    assert_eq!(optimizer.steps(), 8);
}

#[test]
fn optimisers_move_as_pytorchs() {
    let plain = SgdConfig { lr: 0.1, momentum: None, weight_decay: None };
    parity("sgd", plain);
    let (momentum, weight_decay) = (Some(Momentum::Classic(0.9)), Some(WeightDecay::L2(0.01)));
    parity("sgd_momentum_decay", SgdConfig { momentum, weight_decay, ..plain });
    parity("sgd_nesterov", SgdConfig { momentum: Some(Momentum::Nesterov(0.9)), ..plain });
    let adam = AdamConfig { lr: 0.01, ..Default::default() };
    parity("adam", adam);
    let weight_decay = Some(WeightDecay::L2(0.1));
    parity("adam_l2", AdamConfig { betas: [0.8, 0.95], weight_decay, ..adam });
    parity("adamw", AdamConfig { weight_decay: Some(WeightDecay::Decoupled(0.1)), ..adam });
    // PyTorch adds epsilon to the root, dfdx under it.
    let rmsprop = RMSpropConfig { eps: 0.0, momentum: Some(0.5), ..Default::default() };
    parity("rmsprop", rmsprop);
    parity("rmsprop_centered", RMSpropConfig { centered: true, ..rmsprop });
}

#[test]
fn gradients_are_clipped_as_pytorchs() {
    let dev = AutoDevice::default();
    for case in cases("clipping") {
        let module: (Tensor<Rank2<4, 3>, f64, _>, Tensor<Rank1<5>, f64, _>) =
            (dev.zeros(), dev.zeros());
        let mut gradients = Gradients::leaky();
        AutoDevice::set_elements(&mut gradients, &module.0, numbers(&case["before"][0])).unwrap();
        AutoDevice::set_elements(&mut gradients, &module.1, numbers(&case["before"][1])).unwrap();
        let length = clip_norm(&module, &mut gradients, case["max"].as_f64().unwrap()).unwrap();
        assert_close(&[length], &[case["norm"].as_f64().unwrap()]);
        assert_close(&gradients.get(&module.0).as_vec(), &numbers(&case["after"][0]));
        assert_close(&gradients.get(&module.1).as_vec(), &numbers(&case["after"][1]));
        let after = norm(&module, &mut gradients).unwrap();
        assert!(after <= case["max"].as_f64().unwrap() && after <= length);
    }
}

#[test]
fn rules_freeze_slow_down_and_spare() {
    let dev = AutoDevice::default();
    let mut module: (Tensor<Rank1<1>, f64, _>, Tensor<Rank1<1>, f64, _>) = (dev.ones(), dev.ones());
    let config = SgdConfig { lr: 0.1, momentum: None, weight_decay: Some(WeightDecay::L2(0.5)) };
    let mut run = |rule: Rule| {
        let mut optimizer = Optimizer::new(config)
            .rule(move |name, _| if name.starts_with('0') { rule } else { Rule::default() });
        module = (dev.ones(), dev.ones());
        let mut gradients = Gradients::leaky();
        AutoDevice::set_elements(&mut gradients, &module.0, vec![1.0]).unwrap();
        AutoDevice::set_elements(&mut gradients, &module.1, vec![1.0]).unwrap();
        optimizer.update(&mut module, &mut gradients).unwrap();
        assert_close(&module.1.as_vec(), &[0.85]);
        module.0.as_vec()[0]
    };
    assert_close(&[run(Rule::default())], &[0.85]);
    assert_close(&[run(Rule::FROZEN)], &[1.0]);
    assert_close(&[run(Rule::NO_DECAY)], &[0.9]);
    assert_close(&[run(Rule { learning_rate: 0.1, ..Rule::default() })], &[0.985]);
}

#[test]
fn a_state_goes_on_in_another_optimiser() {
    let dev = AutoDevice::default();
    let mut parameter: Tensor<Rank1<6>, f64, _> = dev.sample_normal();
    let config = AdamConfig { lr: 0.1, ..Default::default() };
    let mut optimizer = Optimizer::new(config);
    let gradient = |step: usize| (0..6).map(|i| (i * step) as f64 - 4.5).collect();
    for step in 0..3 {
        let mut gradients = gradients(&parameter, gradient(step));
        optimizer.update(&mut parameter, &mut gradients).unwrap();
    }
    let state = optimizer.state(&parameter).unwrap();
    assert_eq!((state.optimizer.as_str(), state.steps, state.moments.len()), ("adam", 3, 2));
    assert_eq!(state.moments[1].name, ".exp_avg_sq");
    assert!(state.moments.iter().all(|m| m.shape == [6] && m.values.iter().any(|&v| v != 0.0)));

    let (mut other, mut copy) = (Optimizer::new(config), parameter.clone());
    other.load_state(&copy, &state).unwrap();
    for step in 3..6 {
        let mut first = gradients(&parameter, gradient(step));
        optimizer.update(&mut parameter, &mut first).unwrap();
        let mut second = gradients(&copy, gradient(step));
        other.update(&mut copy, &mut second).unwrap();
        assert_eq!(parameter.as_vec(), copy.as_vec());
    }

    let mut sgd = Optimizer::new(SgdConfig::default());
    let error = sgd.load_state(&copy, &state).unwrap_err();
    assert_eq!(error.to_string(), "the state is one of adam, but the optimiser is sgd");
    let wider: Tensor<Rank1<7>, f64, _> = dev.zeros();
    let error = other.load_state(&wider, &state).unwrap_err();
    assert!(matches!(error, StateError::Shape { .. }), "{error}");
    let mut without = state.clone();
    without.moments.pop();
    let error = other.load_state(&copy, &without).unwrap_err();
    assert!(matches!(error, StateError::Missing { .. }), "{error}");
    // An error changes nothing.
    assert_eq!(other.state(&copy).unwrap(), optimizer.state(&parameter).unwrap());
}
