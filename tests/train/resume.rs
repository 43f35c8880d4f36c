//! Checkpoints: going on is as if nothing had happened.

use std::fs;

use rand::{Rng, SeedableRng, rngs::StdRng};
use shapewright::prelude::*;
use shapewright::train::{BatchSource, Trainer};
use shapewright::weights::StateDict;

use crate::network::{Dir, Net, Source, Stripes, lines, test_set, training};

/// Of any network, all tensors by their names.
fn weights(net: &Net<f32, AutoDevice>) -> StateDict {
    net.state_dict().unwrap()
}

/// [`Source`] up to a batch in epoch 4.
struct Unreadable;

impl BatchSource for Unreadable {
    type Batch = Stripes;

    fn per_epoch(&self) -> usize {
        Source.per_epoch()
    }

    fn epoch(
        &self,
        epoch: usize,
        from: usize,
    ) -> impl Iterator<Item = Result<Stripes, Box<dyn std::error::Error + Send + Sync>>> {
        Source.epoch(epoch, from).enumerate().map(move |(i, batch)| match (epoch, from + i) {
            (3, 4) => Err("the disk is broken".into()),
            _ => batch,
        })
    }
}

#[test]
fn a_training_in_parts_is_the_same_as_a_whole_one() {
    let dir = Dir::new("parts");
    let mut whole = training(1).log(dir.path("whole.jsonl"));
    whole.fit(&Source, &test_set()).unwrap();

    // The first part ends in the middle of epoch 4, two steps after a checkpoint.
    let (log, checkpoint) = (dir.path("parts.jsonl"), dir.path("checkpoint.safetensors"));
    let part = |seed| training(seed).log(&log).checkpoint(&checkpoint).checkpoint_every(4);
    let error = part(2).fit(&Unreadable, &test_set()).unwrap_err();
    assert_eq!(error.to_string(), "the disk is broken");
    let text = fs::read_to_string(&log).unwrap();
    fs::write(&log, text + "{\"half a line\": ").unwrap();
    let mut second = part(3);
    second.resume(&checkpoint).unwrap();
    assert_eq!(second.history().len(), 3);
    second.fit(&Source, &test_set()).unwrap();

    assert_eq!(weights(second.network()), weights(whole.network()));
    assert_eq!(lines(&log), lines(&dir.path("whole.jsonl")));
    let times = |history: &[shapewright::train::Epoch]| {
        history.iter().map(|e| (e.train.clone(), e.test.clone(), e.is_best)).collect::<Vec<_>>()
    };
    assert_eq!(times(second.history()), times(whole.history()));

    // A training that is over can go on for more epochs, as one that was longer from the start.
    let mut longer = training(4).schedule(|_: &_| 0.5).epochs(6);
    longer.fit(&Source, &test_set()).unwrap();
    let mut short = training(5).schedule(|_: &_| 0.5).epochs(2).checkpoint(&checkpoint);
    short.fit(&Source, &test_set()).unwrap();
    let mut more = training(6).schedule(|_: &_| 0.5).epochs(6);
    more.resume(&checkpoint).unwrap();
    more.fit(&Source, &test_set()).unwrap();
    assert_eq!(weights(more.network()), weights(longer.network()));
}

#[test]
fn what_is_no_checkpoint_of_this_training_is_refused() {
    let dir = Dir::new("refused");
    let path = dir.path("checkpoint.safetensors");
    let mut trainer = training(0).epochs(1).checkpoint(&path);
    trainer.fit(&Source, &test_set()).unwrap();
    let refusal =
        |trainer: &mut crate::network::Training| trainer.resume(&path).unwrap_err().to_string();

    assert!(refusal(&mut training(0).seed(4)).ends_with("the training has the seed 3, not 4"));
    let net = AutoDevice::default().build_module::<Net, f32>();
    let mut sgd = Trainer::new(&AutoDevice::default(), net, SgdConfig::default()).seed(3);
    let message = sgd.resume(&path).unwrap_err().to_string();
    assert!(message.ends_with("the state is one of adam, but the optimiser is sgd"), "{message}");
    let other = AutoDevice::default().build_module::<Wider, f32>();
    let mut wider = Trainer::new(&AutoDevice::default(), other, AdamConfig::default()).seed(3);
    let message = wider.resume(&path).unwrap_err().to_string();
    assert!(message.contains("[4, 1, 3, 3]") && message.contains("[5, 1, 3, 3]"), "{message}");

    let mut resumed = training(0);
    resumed.resume(&path).unwrap();
    let message = resumed.fit(&test_set(), &test_set()).unwrap_err().to_string();
    assert!(message.contains("6 batches an epoch, but there are 2 now"), "{message}");

    trainer.network().save_safetensors(&path).unwrap();
    let message = refusal(&mut training(0));
    assert!(message.ends_with("no checkpoint of a training: only weights"), "{message}");
    fs::remove_file(&path).unwrap();
    assert!(refusal(&mut training(0)).starts_with(path.to_str().unwrap()));
}

net! {
    struct Wider: [1, 6, 6] -> [3] {
        conv: Conv2d(5, kernel = 3, bias = false),
        norm: BatchNorm2d,
        ReLU,
        Dropout(0.2),
        Flatten,
        fc: Linear(3),
    }
}

#[test]
fn damaged_checkpoints_are_errors() {
    let dir = Dir::new("damaged");
    let (path, damaged) = (dir.path("whole.safetensors"), dir.path("damaged.safetensors"));
    training(0).epochs(1).checkpoint(&path).fit(&Source, &test_set()).unwrap();
    let bytes = fs::read(&path).unwrap();
    let mut rng = StdRng::seed_from_u64(11);
    let mut refused = 0;
    for i in 0..600 {
        let mut bytes = bytes.clone();
        match i % 3 {
            0 => bytes.truncate(rng.gen_range(0..bytes.len())),
            // In the header, where the JSON is.
            1 => bytes[rng.gen_range(0..3000)] ^= 1 << rng.gen_range(0..8),
            _ => {
                let at = rng.gen_range(8..3000);
                bytes.splice(at..at + rng.gen_range(0..9), [b'9'; 4]);
            }
        }
        fs::write(&damaged, bytes).unwrap();
        if let Err(error) = training(0).resume(&damaged) {
            let message = error.to_string();
            assert!(message.starts_with(damaged.to_str().unwrap()), "{message}");
            refused += 1;
        }
    }
    // A digit of a loss may well be another.
    assert!(refused > 400, "{refused}");
}
