//! A frozen network without its type: what runs batches of any size.

use std::mem::size_of;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::fuse::fuse;
use super::graph::Graph;
use super::plan::{Plan, Slots, numbers};
use crate::error::Dims;
use crate::kernels::parallel::alone;
use crate::ops::cpu::{CpuElement, Trace};

/// Plans are kept for so many sizes of a batch; the one used longest ago goes first.
const MOST_PLANS: usize = 8;

/// Bytes of values that a task of several small inputs may have: with the weights, they are to stay
/// in a core's own cache.
const TASK_BYTES: usize = 512 << 10;

/// All that batches of any size have in common, and what is kept for some sizes.
pub struct Program<E: CpuElement> {
    graph: Graph<E>,
    schedules: Mutex<Vec<Arc<Schedule<E>>>>,
}

/// How a batch of one size runs.
struct Schedule<E: CpuElement> {
    batch: usize,
    /// Inputs that go through the whole network together, one such part after another or each on
    /// a thread of its own.
    part: usize,
    whole: Planned<E>,
    /// For what is left at the end.
    rest: Option<Planned<E>>,
}

/// A plan and the memory of its earlier runs.
struct Planned<E: CpuElement> {
    plan: Plan<E>,
    spare: Mutex<Vec<Slots<E>>>,
}

impl<E: CpuElement> Program<E> {
    /// `None` if not all of the network has been traced.
    pub fn new(input: Dims, trace: Trace<E>, output: usize) -> Option<Self> {
        let mut graph = Graph::new(input, trace, output)?;
        fuse(&mut graph);
        Some(Program { graph, schedules: Mutex::new(Vec::new()) })
    }

    /// Makes everything for batches of this size, so that running one need not.
    pub fn prepare(&self, batch: usize) {
        if batch > 0 {
            self.schedule(batch).warm_up();
        }
    }

    /// From `x` to `y`, whose lengths are those of `batch` inputs and outputs.
    pub fn run(&self, batch: usize, x: &[E], y: &mut [E]) {
        if batch > 0 {
            self.schedule(batch).run(x, y);
        }
    }

    fn schedule(&self, batch: usize) -> Arc<Schedule<E>> {
        let mut schedules = lock(&self.schedules);
        let schedule = match schedules.iter().position(|schedule| schedule.batch == batch) {
            Some(i) => schedules.remove(i),
            None => Arc::new(Schedule::new(&self.graph, batch)),
        };
        schedules.truncate(MOST_PLANS - 1);
        schedules.insert(0, schedule.clone());
        schedule
    }
}

impl<E: CpuElement> Schedule<E> {
    fn new(graph: &Graph<E>, batch: usize) -> Self {
        let threads = rayon::current_num_threads();
        let most = TASK_BYTES / (size_of::<E>() * numbers(graph)).max(1);
        // As many parts for each thread, of about the same size.
        let parts = batch.div_ceil(most.max(1)).next_multiple_of(threads);
        let part = batch.div_ceil(parts);
        let part = if most == 0 || batch < threads || part == batch { batch } else { part };
        let plan = |size: usize| Planned {
            plan: if part < batch {
                alone(|| Plan::new(graph, size))
            } else {
                Plan::new(graph, size)
            },
            spare: Mutex::new(Vec::new()),
        };
        let rest = batch % part;
        Schedule { batch, part, whole: plan(part), rest: (rest > 0).then(|| plan(rest)) }
    }

    fn run(&self, x: &[E], y: &mut [E]) {
        if self.part == self.batch {
            return self.whole.run(x, y);
        }
        let [inputs, outputs] = [x.len(), y.len()].map(|len| len / self.batch * self.part);
        let parts = x.par_chunks(inputs).zip(y.par_chunks_mut(outputs)).with_max_len(1);
        parts.for_each(|(x, y)| {
            let planned = match &self.rest {
                Some(rest) if x.len() < inputs => rest,
                _ => &self.whole,
            };
            alone(|| planned.run(x, y));
        });
    }

    fn warm_up(&self) {
        let threads = if self.part < self.batch { rayon::current_num_threads() } else { 1 };
        for planned in [&self.whole].into_iter().chain(&self.rest) {
            let mut spare = lock(&planned.spare);
            while spare.len() < threads {
                spare.push(planned.plan.slots());
            }
        }
    }
}

impl<E: CpuElement> Planned<E> {
    fn run(&self, x: &[E], y: &mut [E]) {
        let spare = lock(&self.spare).pop();
        let mut slots = spare.unwrap_or_else(|| self.plan.slots());
        self.plan.run(x, y, &mut slots);
        lock(&self.spare).push(slots);
    }
}

/// What is behind the lock is whole at any time, even after a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
