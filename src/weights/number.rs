//! Numbers as bytes.

use safetensors::Dtype;

/// How a number is stored; part of [`FloatDtype`](crate::FloatDtype), which is sealed by it.
#[allow(missing_docs)]
pub trait Stored: Copy {
    const DTYPE: Dtype;

    fn write(self, to: &mut Vec<u8>);
    fn bits(self) -> u64;
    fn of_f32(value: f32) -> Self;
    fn of_f64(value: f64) -> Self;
}

impl Stored for f32 {
    const DTYPE: Dtype = Dtype::F32;

    fn write(self, to: &mut Vec<u8>) {
        to.extend(self.to_le_bytes());
    }
    fn bits(self) -> u64 {
        self.to_bits().into()
    }
    fn of_f32(value: f32) -> Self {
        value
    }
    fn of_f64(value: f64) -> Self {
        value as f32
    }
}

impl Stored for f64 {
    const DTYPE: Dtype = Dtype::F64;

    fn write(self, to: &mut Vec<u8>) {
        to.extend(self.to_le_bytes());
    }
    fn bits(self) -> u64 {
        self.to_bits()
    }
    fn of_f32(value: f32) -> Self {
        value.into()
    }
    fn of_f64(value: f64) -> Self {
        value
    }
}
