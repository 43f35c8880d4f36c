//! Branches on `Cpu`: a value that several of them use is one buffer.

use std::rc::Rc;

use dfdx::prelude::*;

use super::{Batch, CpuElement, CpuFlow, Entry, History, Value};
use crate::error::{Dims, Error};
use crate::ops::Erased;

/// A value of a [`CpuFlow`].
pub struct CpuKept<E: CpuElement> {
    value: Value<E>,
    entry: Rc<Entry<E>>,
}

impl<E: CpuElement> Clone for CpuKept<E> {
    fn clone(&self) -> Self {
        CpuKept { value: self.value.clone(), entry: self.entry.clone() }
    }
}

impl<E: CpuElement> CpuKept<E> {
    pub(super) fn dims(&self) -> Dims {
        self.value.dims
    }

    pub(super) fn into_tensor(self) -> Result<Erased<E, Cpu>, Error> {
        self.value.into_tensor(&self.entry.device)
    }
}

impl<E: CpuElement, T: Tape<E, Cpu>> CpuFlow<E, T> {
    pub(super) fn keep(&self) -> CpuKept<E> {
        let Batch { value, history } = &self.batch;
        CpuKept { value: value.clone(), entry: history.entry.clone() }
    }

    pub(super) fn go_on_from(self, kept: CpuKept<E>) -> (CpuKept<E>, Self) {
        let (value, mut history) = self.batch.split();
        let result = CpuKept { value, entry: history.entry.clone() };
        let value = history.value_of(kept);
        (result, CpuFlow { batch: Batch { value, history }, tape: self.tape })
    }
}

impl<E: CpuElement> History<E> {
    /// A kept value, to go on with or to join.
    pub fn value_of(&mut self, kept: CpuKept<E>) -> Value<E> {
        let CpuKept { mut value, entry } = kept;
        if !Rc::ptr_eq(&entry, &self.entry) {
            // Another flow's numbers mean nothing here. A new one, which no operation made, takes
            // up the gradient.
            value.node = self.nodes;
            self.nodes += 1;
        }
        value
    }
}
