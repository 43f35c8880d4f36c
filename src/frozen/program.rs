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
    /// The memory of earlier runs.
    spare: Mutex<Vec<Slots<E>>>,
}

/// How a batch of one size runs.
struct Schedule<E: CpuElement> {
    batch: usize,
    /// Inputs that go through the whole network together; if not all of the batch, each such part
    /// is a task for one thread.
    part: usize,
    plan: Plan<E>,
    /// For what is left at the end.
    rest: Option<Plan<E>>,
}

impl<E: CpuElement> Program<E> {
    /// `None` if not all of the network has been traced.
    pub fn new(input: Dims, trace: Trace<E>, output: usize) -> Option<Self> {
        let mut graph = Graph::new(input, trace, output)?;
        fuse(&mut graph);
        let (schedules, spare) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
        Some(Program { graph, schedules, spare })
    }

    /// Makes everything for batches of this size, so that running one need not.
    pub fn prepare(&self, batch: usize) {
        if batch == 0 {
            return;
        }
        let schedule = self.schedule(batch);
        let tasks = if schedule.part < batch { rayon::current_num_threads() } else { 1 };
        let slots: Vec<_> = (0..tasks).map(|_| self.slots(&schedule.plan)).collect();
        lock(&self.spare).extend(slots);
    }

    /// From `x` to `y`, whose lengths are those of `batch` inputs and outputs.
    pub fn run(&self, batch: usize, x: &[E], y: &mut [E]) {
        if batch == 0 {
            return;
        }
        let schedule = self.schedule(batch);
        if schedule.part == batch {
            return self.run_plan(&schedule.plan, x, y);
        }
        let [inputs, outputs] = [x.len(), y.len()].map(|len| len / batch * schedule.part);
        let parts = x.par_chunks(inputs).zip(y.par_chunks_mut(outputs)).with_max_len(1);
        parts.for_each(|(x, y)| {
            let plan = match &schedule.rest {
                Some(rest) if x.len() < inputs => rest,
                _ => &schedule.plan,
            };
            alone(|| self.run_plan(plan, x, y));
        });
    }

    fn run_plan(&self, plan: &Plan<E>, x: &[E], y: &mut [E]) {
        let mut slots = self.slots(plan);
        plan.run(x, y, &mut slots);
        lock(&self.spare).push(slots);
    }

    /// Memory for a run.
    fn slots(&self, plan: &Plan<E>) -> Slots<E> {
        let mut slots = lock(&self.spare).pop().unwrap_or_default();
        plan.fit(&mut slots);
        slots
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
        let part = if most == 0 || batch < threads { batch } else { batch.div_ceil(parts) };
        let plan = |size| match part < batch {
            true => alone(|| Plan::new(graph, size)),
            false => Plan::new(graph, size),
        };
        let rest = batch % part;
        Schedule { batch, part, plan: plan(part), rest: (rest > 0).then(|| plan(rest)) }
    }
}

/// What is behind the lock is whole at any time, even after a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
