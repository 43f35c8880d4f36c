//! Numbers as bits: what sets `f32` and `f64` apart.

/// How a number is stored; seals [`FloatDtype`](crate::FloatDtype).
#[allow(missing_docs)]
pub trait Number: Copy {
    fn write_le(self, to: &mut Vec<u8>);
    fn bits(self) -> u64;
    fn of_f32(value: f32) -> Self;
    fn of_f64(value: f64) -> Self;
}

impl Number for f32 {
    fn write_le(self, to: &mut Vec<u8>) {
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

impl Number for f64 {
    fn write_le(self, to: &mut Vec<u8>) {
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
