//! One tensor of a file: its type, shape and bytes.
use std::fmt;

use ::safetensors::Dtype;
use half::{bf16, f16};

use super::Error;
use crate::number::Number;

/// Numbers of any type with a shape, as a file holds them: little-endian bytes in row-major order.
///
/// ```
/// use shapewright::weights::{Array, Dtype};
///
/// let array = Array::of(&[2, 2], &[1.0_f32, 2.0, 3.0, 4.5])?;
/// assert_eq!((array.dtype(), array.shape()), (Dtype::F32, &[2, 2][..]));
/// assert_eq!(array.values::<f64>(), Some(vec![1.0, 2.0, 3.0, 4.5]));
/// assert_eq!(array.values::<u64>(), None); // only floats are converted, to floats
/// assert_eq!(Array::scalar(7_u64).values::<u64>(), Some(vec![7]));
///
/// let error = Array::of(&[2, 3], &[1.0_f32; 4]).unwrap_err().to_string();
/// assert_eq!(error, "F32 values of shape [2, 3] have 24 bytes, but 16 are given");
/// # Ok::<(), shapewright::weights::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Array {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Array {
    /// Takes the little-endian bytes of values in row-major order. A shape of `[]` is one number.
    ///
    /// # Errors
    /// [`Error::Size`] when there are not as many bytes as `dtype` and `shape` say.
    pub fn new(dtype: Dtype, shape: Vec<usize>, bytes: Vec<u8>) -> Result<Self, Error> {
        if byte_count(dtype, &shape) != Some(bytes.len()) {
            return Err(Error::Size { dtype, shape, bytes: bytes.len() });
        }
        Ok(Self { dtype, shape, bytes })
    }

    /// Copies `values`, in row-major order.
    ///
    /// # Errors
    /// [`Error::Size`] when there are not as many values as `shape` says.
    pub fn of<N: Element>(shape: &[usize], values: &[N]) -> Result<Self, Error> {
        let mut bytes = Vec::with_capacity(size_of_val(values));
        values.iter().for_each(|value| value.write(&mut bytes));
        Self::new(N::DTYPE, shape.to_vec(), bytes)
    }

    /// One number, of shape `[]`.
    pub fn scalar<N: Element>(value: N) -> Self {
        let mut bytes = Vec::new();
        value.write(&mut bytes);
        Self { dtype: N::DTYPE, shape: Vec::new(), bytes }
    }

    /// The type of the values.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// The sizes, the slowest first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The values, little-endian, in row-major order.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The values as numbers. Floats of 16, 32 or 64 bits become `f32` or `f64`, rounded to the
    /// nearest; those of the same type keep their bits, NaNs too. Integers and bools come only as
    /// what they are, and `None` stands for what is not converted.
    pub fn values<N: Element>(&self) -> Option<Vec<N>> {
        N::read(self.dtype, &self.bytes)
    }
}

impl fmt::Debug for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.dtype, self.shape)
    }
}

/// How many bytes a shape takes; `None` when no memory could hold them, or not whole ones.
pub(super) fn byte_count(dtype: Dtype, shape: &[usize]) -> Option<usize> {
    let bits = shape.iter().try_fold(dtype.bitsize(), |n, &size| n.checked_mul(size))?;
    bits.is_multiple_of(8).then_some(bits / 8)
}

/// Floats of any width as `f32` or `f64`, rounded to the nearest; `None` for other types.
pub(super) fn floats<N: Number>(dtype: Dtype, bytes: &[u8]) -> Option<Vec<N>> {
    fn all<const W: usize, N>(bytes: &[u8], read: impl Fn([u8; W]) -> N) -> Vec<N> {
        bytes.as_chunks().0.iter().map(|&value| read(value)).collect()
    }
    Some(match dtype {
        Dtype::F16 => all(bytes, |b| N::of_f32(f16::from_le_bytes(b).to_f32())),
        Dtype::BF16 => all(bytes, |b| N::of_f32(bf16::from_le_bytes(b).to_f32())),
        Dtype::F32 => all(bytes, |b| N::of_f32(f32::from_le_bytes(b))),
        Dtype::F64 => all(bytes, |b| N::of_f64(f64::from_le_bytes(b))),
        _ => return None,
    })
}

/// Rust's number types, as elements of an [`Array`].
#[allow(missing_docs)]
pub trait Element: Copy + sealed::Sealed {
    /// What the type is called in files.
    const DTYPE: Dtype;

    #[doc(hidden)]
    fn write(self, to: &mut Vec<u8>);
    #[doc(hidden)]
    fn read(dtype: Dtype, bytes: &[u8]) -> Option<Vec<Self>>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! elements {
    ($($type:ty: $dtype:ident, $read:expr;)*) => {$(
        impl sealed::Sealed for $type {}
        impl Element for $type {
            const DTYPE: Dtype = Dtype::$dtype;

            fn write(self, to: &mut Vec<u8>) {
                to.extend(self.to_le_bytes());
            }
            fn read(dtype: Dtype, bytes: &[u8]) -> Option<Vec<Self>> {
                $read(dtype, bytes)
            }
        }
    )*};
    (integers: $($type:ty: $dtype:ident;)*) => {
        elements! { $($type: $dtype, |dtype, bytes: &[u8]| {
            let values = bytes.as_chunks().0.iter().map(|&b| <$type>::from_le_bytes(b));
            (dtype == Dtype::$dtype).then(|| values.collect())
        };)* }
    };
}

elements! {
    f32: F32, floats;
    f64: F64, floats;
}
elements! {
    integers:
    u8: U8;
    i8: I8;
    u16: U16;
    i16: I16;
    u32: U32;
    i32: I32;
    u64: U64;
    i64: I64;
}

impl sealed::Sealed for bool {}
impl Element for bool {
    const DTYPE: Dtype = Dtype::BOOL;

    fn write(self, to: &mut Vec<u8>) {
        to.push(self.into());
    }
    fn read(dtype: Dtype, bytes: &[u8]) -> Option<Vec<Self>> {
        (dtype == Dtype::BOOL).then(|| bytes.iter().map(|&byte| byte != 0).collect())
    }
}
