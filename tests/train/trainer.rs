//! The loop and its files.

use std::cell::RefCell;
use std::rc::Rc;

use shapewright::losses::CrossEntropy;
use shapewright::optim::Rule;
use shapewright::prelude::*;
use shapewright::train::{BatchSource, Classification, EarlyStopping, Error, Trainer};

use crate::network::{BATCHES, Dir, Net, Source, lines, test_set, training};

#[test]
fn it_learns_and_tells_how() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let listener = told.clone();
    let mut trainer = training(0).on_epoch(move |epoch| {
        listener.borrow_mut().push(epoch.to_string());
        Ok(())
    });
    let history = trainer.fit(&Source, &test_set()).unwrap();
    assert_eq!(history.len(), 5);
    let (first, last) = (&history[0], &history[4]);
    assert!(last.train.loss < 0.7 * first.train.loss, "{history:#?}");
    assert!(last.test.metrics[0] > 0.8, "{history:#?}");
    assert_eq!((first.train.samples, first.test.samples), (45, 55));
    assert_eq!((last.number, last.step), (5, 5 * BATCHES));
    assert_eq!(last.metrics, ["accuracy"]);
    // The end of the one cycle.
    assert!(last.learning_rate < 1e-6);
    let told = told.borrow();
    let expected = format!("epoch 5/5  train loss {:.4} accuracy", last.train.loss);
    assert!(told[4].starts_with(&expected), "{told:?}");
    assert_eq!(trainer.steps(), 5 * BATCHES);

    // What `measure` says is what the last epoch said.
    let dev = AutoDevice::default();
    let measured = Classification::default().measure(&dev, trainer.network(), &test_set()).unwrap();
    let last = trainer.history().last().unwrap();
    assert!((measured.loss - last.test.loss).abs() < 1e-6);
    assert!((measured.accuracy() - last.test.metrics[0]).abs() < 1e-9);
    assert_eq!(measured.confusion.total(), 55);
    assert_eq!(measured.confusion.accuracy(), measured.accuracy());
    assert_eq!(measured.top_k(3), 1.0);
}

#[test]
fn the_steps_are_those_of_a_loop_by_hand() {
    let (lr, seed) = (0.1, 5);
    let net = AutoDevice::seed_from_u64(7).build_module::<Plain, f32>();
    let dev = AutoDevice::default();
    let config = SgdConfig { lr, momentum: Some(Momentum::Classic(0.9)), weight_decay: None };
    let mut by_hand = net.clone();
    let mut trainer = Trainer::new(&dev, net, config).epochs(2).seed(seed);
    trainer.fit(&Source, &test_set()).unwrap();

    let mut sgd = Sgd::new(&by_hand, config);
    let mut grads = by_hand.alloc_grads();
    for epoch in 0..2 {
        for batch in Source.epoch(epoch, 0) {
            let batch = batch.unwrap();
            use shapewright::train::Labelled;
            let values = batch.values().to_vec();
            let shape = (batch.dims()[0], Const::<1>, Const::<6>, Const::<6>);
            let logits = by_hand.forward_mut(dev.tensor_from_vec(values, shape).traced(grads));
            let loss = shapewright::losses::cross_entropy(logits, batch.labels()).unwrap();
            grads = loss.backward();
            sgd.update(&mut by_hand, &grads).unwrap();
            by_hand.zero_grads(&mut grads);
        }
    }
    let (a, b) = (trainer.network().fc.weight.as_vec(), by_hand.fc.weight.as_vec());
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-6), "{a:?}\n{b:?}");
}

net! { struct Plain: [1, 6, 6] -> [3] { Flatten, fc: Linear(3) } }

#[test]
fn logs_are_json_lines_or_csv() {
    let dir = Dir::new("logs");
    let (json, csv) = (dir.path("new/log.jsonl"), dir.path("log.csv"));
    std::fs::write(&csv, "what was there before\n").unwrap();
    let history = training(0).log(&json).fit(&Source, &test_set()).unwrap().to_vec();
    training(0).log(&csv).log_every(2).fit(&Source, &test_set()).unwrap();

    let lines = lines(&json);
    assert_eq!(lines.len(), 5 * (BATCHES + 1));
    let (step, epoch) = (&lines[0], &lines[BATCHES]);
    assert_eq!((step["kind"].as_str(), step["step"].as_u64()), (Some("step"), Some(1)));
    assert!(step.get("test_loss").is_none());
    assert_eq!((epoch["kind"].as_str(), epoch["epoch"].as_u64()), (Some("epoch"), Some(1)));
    // `serde_json` is exact in writing, but not in reading.
    let close = |a: &serde_json::Value, b: f64| (a.as_f64().unwrap() - b).abs() < 1e-12;
    assert!(close(&epoch["train_loss"], history[0].train.loss));
    assert!(close(&epoch["test_accuracy"], history[0].test.metrics[0]));

    let csv = std::fs::read_to_string(&csv).unwrap();
    let csv: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(
        csv[0].join(","),
        "kind,epoch,step,learning_rate,train_loss,train_accuracy,test_loss,test_accuracy,seconds"
    );
    assert_eq!(csv.len(), 1 + 5 * (BATCHES / 2 + 1));
    assert!(csv.iter().all(|line| line.len() == 9), "{csv:?}");
    assert_eq!(csv[1][..3], ["step", "1", "2"]);
    assert_eq!(csv[1][6..], ["", "", ""]);
    assert!(close(&lines[1]["train_loss"], csv[1][4].parse().unwrap()));
}

#[test]
fn early_stopping_ends_it_and_the_best_weights_are_kept() {
    let dir = Dir::new("early");
    let best = dir.path("best.safetensors");
    let stopping = EarlyStopping { patience: 2, min_delta: 10.0 };
    // No epoch is better by so much as 10, but for the first.
    let mut trainer = training(0).epochs(50).early_stopping(stopping).best_weights(&best);
    assert_eq!(trainer.fit(&Source, &test_set()).unwrap().len(), 3);

    let lowest = trainer.history().iter().map(|e| e.test.loss).fold(f64::INFINITY, f64::min);
    assert!(trainer.history().iter().any(|e| e.is_best && e.test.loss == lowest));
    let dev = AutoDevice::default();
    let mut net = dev.build_module::<Net, f32>();
    net.load_safetensors(&best).unwrap();
    let measured = Classification::default().measure(&dev, &net, &test_set()).unwrap();
    assert!((measured.loss - lowest).abs() < 1e-6, "{} and {lowest}", measured.loss);
}

#[test]
fn frozen_parameters_stay() {
    let frozen = |name: &str, _: &[usize]| match name.starts_with("conv") {
        true => Rule::FROZEN,
        false => Rule::default(),
    };
    let mut trainer = training(0).epochs(1).rule(frozen);
    let before = trainer.network().clone();
    trainer.fit(&Source, &test_set()).unwrap();
    let after = trainer.network();
    assert_eq!(after.conv.weight.as_vec(), before.conv.weight.as_vec());
    assert_ne!(after.fc.weight.as_vec(), before.fc.weight.as_vec());
}

#[test]
fn what_goes_wrong_is_said() {
    let message = |error: Error| error.to_string();
    let error = training(0).fit(&Vec::new(), &test_set()).unwrap_err();
    assert!(matches!(error, Error::NoBatches));
    let error = training(0).fit(&test_set(), &Vec::new()).unwrap_err();
    assert!(matches!(error, Error::NoBatches));

    let net = AutoDevice::default().build_module::<Net, f32>();
    let config = SgdConfig { lr: f64::INFINITY, ..Default::default() };
    let mut trainer = Trainer::new(&AutoDevice::default(), net.clone(), config);
    let error = trainer.fit(&Source, &test_set()).unwrap_err();
    assert!(message(error).contains("try a smaller learning rate than inf"));

    let other = AutoDevice::default().build_module::<Bigger, f32>();
    let mut trainer = Trainer::new(&AutoDevice::default(), other, SgdConfig::default());
    let error = trainer.fit(&Source, &test_set()).unwrap_err();
    assert_eq!(message(error), "`Bigger` takes [1, 28, 28], but the images are [1, 6, 6]");

    let smoothing = CrossEntropy { label_smoothing: 2.0, ..Default::default() };
    let mut trainer = training(0).objective(Classification { loss: smoothing });
    let error = trainer.fit(&Source, &test_set()).unwrap_err();
    assert_eq!(message(error), "the label smoothing is 2, but should be from 0 to 1");

    let mut trainer = training(0).on_epoch(|_| Err("enough".into()));
    assert_eq!(message(trainer.fit(&Source, &test_set()).unwrap_err()), "enough");

    let mut trainer = training(0).log("/nowhere\0/log");
    assert!(message(trainer.fit(&Source, &test_set()).unwrap_err()).starts_with("/nowhere"));
}

net! { struct Bigger: [1, 28, 28] -> [3] { Flatten, Linear(3) } }
