//! A block several times in a row, each time with parameters of its own.

use std::ops::{Deref, DerefMut};

use dfdx::nn::{ModuleVisitor, TensorCollection};
use dfdx::prelude::*;

use crate::FloatDtype;

/// The `N` copies of the block of a `Repeat<N> { … }`, in order: a slice of them.
#[derive(Clone, Debug)]
pub struct Repeat<B, const N: usize> {
    blocks: Vec<B>,
}

impl<B, const N: usize> Deref for Repeat<B, N> {
    type Target = [B];

    fn deref(&self) -> &[B] {
        &self.blocks
    }
}

impl<B, const N: usize> DerefMut for Repeat<B, N> {
    fn deref_mut(&mut self) -> &mut [B] {
        &mut self.blocks
    }
}

impl<'a, B, const N: usize> IntoIterator for &'a Repeat<B, N> {
    type Item = &'a B;
    type IntoIter = std::slice::Iter<'a, B>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, B, const N: usize> IntoIterator for &'a mut Repeat<B, N> {
    type Item = &'a mut B;
    type IntoIter = std::slice::IterMut<'a, B>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<E: FloatDtype, D: Device<E>, B: TensorCollection<E, D>, const N: usize> TensorCollection<E, D>
    for Repeat<B, N>
{
    type To<E2: Dtype, D2: Device<E2>> = Repeat<B::To<E2, D2>, N>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let names: Vec<String> = (0..N).map(|i| i.to_string()).collect();
        let blocks = names
            .iter()
            .enumerate()
            .map(|(i, name)| Self::module(name, move |s| &s.blocks[i], move |s| &mut s.blocks[i]));
        visitor.visit_fields(blocks.collect::<Vec<_>>(), |blocks| Repeat { blocks })
    }
}
