//! Where elements are on the device.

use std::fmt::{self, Debug, Write};
use std::marker::PhantomData;

use cudarc::driver::sys::CUdeviceptr;
use cudarc::driver::{DevicePtr, DevicePtrMut, DeviceRepr, DeviceSlice};
use dfdx::prelude::*;

use crate::error::Error;

/// Elements on the device: those of a tensor, of a gradient or of a buffer.
///
/// It borrows nothing, as a device frees memory in the order of its work: what is alive when a
/// kernel is launched stays there until that has run.
pub struct Span<E> {
    pointer: CUdeviceptr,
    len: usize,
    of: PhantomData<E>,
}

impl<E> Span<E> {
    /// No elements, a null pointer to a kernel.
    pub const NONE: Self = Span { pointer: 0, len: 0, of: PhantomData };

    /// The elements of a buffer.
    pub fn of(buffer: &impl DevicePtr<E>) -> Self {
        Span { pointer: *buffer.device_ptr(), len: buffer.len(), of: PhantomData }
    }

    /// Whether both begin at the same place.
    pub fn is(self, other: Self) -> bool {
        self.pointer == other.pointer
    }

    /// The elements from `start` on.
    pub fn from(self, start: usize) -> Self {
        assert!(start <= self.len);
        let pointer = self.pointer + (start * size_of::<E>()) as CUdeviceptr;
        Span { pointer, len: self.len - start, of: PhantomData }
    }
}

impl<E: Unit> Span<E> {
    /// The elements of a contiguous tensor.
    pub fn tensor<S: Shape, T: Debug>(t: &Tensor<S, E, Cuda, T>) -> Result<Self, Error> {
        let span = Span::memory(t)?;
        match span.len == t.shape().num_elements() {
            true => Ok(span),
            false => Err(Error::Device("a tensor's elements are not in order".to_string())),
        }
    }

    /// The memory of a tensor, whatever the order of its elements there.
    ///
    /// dfdx tells nobody where that is, but shows it to whoever debugs: a tensor's `Debug` begins
    /// with its memory. Only that much is formatted, and nothing is read from the device.
    pub fn memory<S: Shape, T: Debug>(t: &Tensor<S, E, Cuda, T>) -> Result<Self, Error> {
        let mut head = Head(String::new());
        // It stops with an error as soon as it has what it needs.
        let _ = write!(head, "{t:?}");
        let numbers = head.number("cu_device_ptr: ").zip(head.number("len: "));
        let (pointer, len) = numbers.ok_or_else(|| {
            Error::Device("a tensor does not show where its elements are".to_string())
        })?;
        Ok(Span { pointer, len: len as usize, of: PhantomData })
    }
}

impl<E> Clone for Span<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Span<E> {}

// SAFETY: a kernel takes the address, which is a plain number.
unsafe impl<E> DeviceRepr for Span<E> {
    fn as_kernel_param(&self) -> *mut std::ffi::c_void {
        (&raw const self.pointer).cast_mut().cast()
    }
}

impl<E> DeviceSlice<E> for Span<E> {
    fn len(&self) -> usize {
        self.len
    }
}

impl<E> DevicePtr<E> for Span<E> {
    fn device_ptr(&self) -> &CUdeviceptr {
        &self.pointer
    }
}

impl<E> DevicePtrMut<E> for Span<E> {
    fn device_ptr_mut(&mut self) -> &mut CUdeviceptr {
        &mut self.pointer
    }
}

/// The beginning of what something writes about itself, up to its memory's address and length.
struct Head(String);

impl Head {
    /// The number after `name`.
    fn number(&self, name: &str) -> Option<u64> {
        let (_, rest) = self.0.split_once(name)?;
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        rest[..end].parse().ok()
    }
}

impl Write for Head {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        self.0.push_str(s);
        match self.0.contains(", device: ") {
            true => Err(fmt::Error),
            false => Ok(()),
        }
    }
}
