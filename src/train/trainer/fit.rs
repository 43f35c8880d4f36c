//! Epochs and steps.

use std::time::Instant;

use dfdx::prelude::*;
use indicatif::ProgressBar;

use super::Trainer;
use crate::FloatDtype;
use crate::ops::{self, GradientDevice};
use crate::optim::{OptimizerConfig, clip_norm};
use crate::train::log::{Line, Log};
use crate::train::schedule::At;
use crate::train::{BatchSource, Epoch, Error, Objective, Scores};
use crate::weights::{Element, Weights, remove_leftovers};

impl<N, C, E, D, O> Trainer<N, C, E, D, O>
where
    N: TensorCollection<E, D>,
    C: OptimizerConfig,
    E: FloatDtype + Element,
    D: GradientDevice<E>,
{
    /// Trains with the batches of `train` to the last epoch, and evaluates on those of `test` after
    /// each. Gives all epochs, those before a resume included.
    ///
    /// # Errors
    ///
    /// See [`Error`]. A loss that is not finite is one of them, before it reaches the parameters.
    pub fn fit<S, T>(&mut self, train: &S, test: &T) -> Result<&[Epoch], Error>
    where
        S: BatchSource,
        T: BatchSource<Batch = S::Batch>,
        O: Objective<N, S::Batch, E, D>,
    {
        let batches = train.per_epoch();
        if batches == 0 {
            // It may well say why.
            let reason = train.epoch(0, 0).find_map(Result::err);
            return Err(reason.map_or(Error::NoBatches, Error::Batches));
        }
        self.check_batches(batches)?;
        for file in [&self.options.checkpoint, &self.options.best_weights].into_iter().flatten() {
            remove_leftovers(file);
        }
        let mut log = match &self.options.log {
            Some(path) => Some(Log::open(path, self.log_bytes)?),
            None => None,
        };
        let mut gradients = self.network.try_alloc_grads().map_err(crate::Error::device)?;
        while self.position.epoch < self.options.epochs && !self.is_stopped() {
            self.train_epoch(train, &mut gradients, &mut log)?;
            self.end_epoch(test, &mut log)?;
        }
        Ok(&self.position.history)
    }

    /// The rest of an epoch's steps.
    fn train_epoch<S>(
        &mut self,
        train: &S,
        gradients: &mut Gradients<E, D>,
        log: &mut Option<Log>,
    ) -> Result<(), Error>
    where
        S: BatchSource,
        O: Objective<N, S::Batch, E, D>,
    {
        let (epoch, done) = (self.position.epoch, self.position.batch);
        let title = format!("epoch {}/{}", epoch + 1, self.options.epochs);
        let bar = self.options.progress.bar(title, train.per_epoch(), done);
        let _cleared = Cleared(&bar);
        let mut start = Instant::now();
        for batch in train.epoch(epoch, done) {
            let batch = batch.map_err(Error::Batches)?;
            let scores = self.step(&batch, train.per_epoch(), gradients)?;
            self.position.train.add(&scores);
            self.position.batch += 1;
            self.position.step += 1;
            self.position.seconds += start.elapsed().as_secs_f64();
            start = Instant::now();
            bar.inc(1);
            bar.set_message(self.position.train.in_words(self.objective.metrics()));
            if let Some(log) = log
                && is_time(self.position.step, self.options.log_steps)
            {
                self.log_step::<S::Batch>(log, &scores)?;
            }
            if let Some(steps) = self.options.checkpoint_steps
                && is_time(self.position.step, steps)
                && self.position.batch < train.per_epoch()
            {
                self.save(log)?;
            }
        }
        Ok(())
    }

    fn step<B>(
        &mut self,
        batch: &B,
        steps_per_epoch: usize,
        gradients: &mut Gradients<E, D>,
    ) -> Result<Scores, Error>
    where
        O: Objective<N, B, E, D>,
    {
        let step = self.position.step;
        let at = At { step, steps: self.options.epochs * steps_per_epoch, steps_per_epoch };
        let learning_rate = self.learning_rate * self.options.schedule.factor(&at);
        self.optimizer.set_learning_rate(learning_rate);

        let seed = mix(self.options.seed, step as u64);
        // The tape takes them along; an error ends the training.
        let from = std::mem::replace(gradients, Gradients::leaky());
        let (objective, device, network) = (&self.objective, &self.device, &mut self.network);
        let run = || objective.train(device, network, batch, from);
        let (loss, scores) = ops::seeded(seed, run)?;
        let value = loss.as_vec()[0].to_f64().unwrap_or(f64::NAN);
        if !value.is_finite() {
            let (epoch, step) = (self.position.epoch + 1, step + 1);
            return Err(Error::Diverged { epoch, step, loss: value, learning_rate });
        }
        let mut computed = loss.try_backward().map_err(crate::Error::device)?;
        if let Some(max) = self.options.clip_norm {
            clip_norm(&self.network, &mut computed, max)?;
        }
        self.optimizer.update(&mut self.network, &mut computed)?;
        self.network.try_zero_grads(&mut computed).map_err(crate::Error::device)?;
        *gradients = computed;
        Ok(scores.with_loss(value))
    }

    /// Evaluates, and writes everything that is to be written.
    fn end_epoch<T>(&mut self, test: &T, log: &mut Option<Log>) -> Result<(), Error>
    where
        T: BatchSource,
        O: Objective<N, T::Batch, E, D>,
    {
        let start = Instant::now();
        let mut scores = Scores::default();
        for batch in test.epoch(0, 0) {
            let batch = batch.map_err(Error::Batches)?;
            scores.add(&self.objective.evaluate(&self.device, &self.network, &batch)?);
        }
        if scores.samples == 0 {
            return Err(Error::NoBatches);
        }
        let stopping = self.options.early_stopping;
        let is_best = self.position.best.is_lower(scores.loss, stopping);
        let epoch = Epoch {
            number: self.position.epoch + 1,
            epochs: self.options.epochs,
            step: self.position.step,
            learning_rate: self.optimizer.learning_rate(),
            train: std::mem::take(&mut self.position.train),
            test: scores,
            metrics: self.objective.metrics().iter().map(|&name| name.to_owned()).collect(),
            seconds: std::mem::take(&mut self.position.seconds) + start.elapsed().as_secs_f64(),
            is_best,
        };
        if let Some(log) = log {
            log_epoch(log, &epoch)?;
        }
        if let Some(path) = &self.options.best_weights
            && is_best
        {
            self.network.save_safetensors(path)?;
        }
        self.position.epoch += 1;
        self.position.batch = 0;
        self.position.history.push(epoch);
        self.save(log)?;
        if let (Some(f), Some(epoch)) = (&mut self.options.on_epoch, self.position.history.last()) {
            f(epoch).map_err(Error::Other)?;
        }
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        self.options.early_stopping.is_some_and(|stopping| self.position.best.is_over(stopping))
    }

    fn log_step<B>(&self, log: &mut Log, scores: &Scores) -> Result<(), Error>
    where
        O: Objective<N, B, E, D>,
    {
        log.write(&Line {
            kind: "step",
            epoch: self.position.epoch + 1,
            step: self.position.step,
            learning_rate: self.optimizer.learning_rate(),
            metrics: self.objective.metrics().to_vec(),
            train: scores,
            test: None,
            seconds: None,
        })
    }
}

fn log_epoch(log: &mut Log, epoch: &Epoch) -> Result<(), Error> {
    log.write(&Line {
        kind: "epoch",
        epoch: epoch.number,
        step: epoch.step,
        learning_rate: epoch.learning_rate,
        metrics: epoch.metrics.iter().map(String::as_str).collect(),
        train: &epoch.train,
        test: Some(&epoch.test),
        seconds: Some(epoch.seconds),
    })
}

/// Whether something that is due every so many steps is due now.
fn is_time(step: usize, every: usize) -> bool {
    every > 0 && step.is_multiple_of(every)
}

/// A seed for each step.
fn mix(seed: u64, step: u64) -> u64 {
    // The golden ratio's bits spread neighbouring steps, as in SplitMix64; `StdRng` mixes the rest.
    seed ^ step.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Takes the bar away when an epoch ends, by an error too.
struct Cleared<'a>(&'a ProgressBar);

impl Drop for Cleared<'_> {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
