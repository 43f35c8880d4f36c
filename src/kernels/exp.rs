//! Exponentials in plain arithmetic, of which the compiler makes vectors in a loop.

/// A number with such an exponential.
pub(super) trait Exp {
    /// `exp(x)` for `x <= 0` or a little more. Where that is no normal number it is 0.
    fn exp_of_negative(self) -> Self;
}

macro_rules! exp {
    (
        $e:ident, least: $least:literal, digits: $digits:literal, bias: $bias:literal,
        ln_2: [$high:expr, $low:literal], factorials: [$($factorial:literal),*]
    ) => {
        impl Exp for $e {
            #[inline(always)]
            fn exp_of_negative(self) -> $e {
                // The sum has no bits left for fractions: its last bits are a whole number.
                const ROUND: $e = 1.5 * (1u64 << $digits) as $e;
                let n = self * std::$e::consts::LOG2_E + ROUND;
                let scale = (n.to_bits() << $digits).wrapping_add($bias << $digits);
                let n = n - ROUND;
                // The first part of ln 2 has few bits, so that its product is exact.
                let r = (self - n * $high) - n * $low;
                let mut series: $e = 0.0;
                $(series = series * r + 1.0 / $factorial;)*
                let y = series * r * r + r + 1.0;
                if self < $least { 0.0 } else { y * $e::from_bits(scale) }
            }
        }
    };
}

exp! {
    f32, least: -87.3, digits: 23, bias: 127, ln_2: [0.693_359_4, -2.121_944_4e-4],
    factorials: [5040.0, 720.0, 120.0, 24.0, 6.0, 2.0]
}

exp! {
    f64, least: -708.3, digits: 52, bias: 1023,
    ln_2: [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10],
    factorials: [
        6_227_020_800.0, 479_001_600.0, 39_916_800.0, 3_628_800.0, 362_880.0, 40_320.0, 5040.0,
        720.0, 120.0, 24.0, 6.0, 2.0
    ]
}

#[cfg(test)]
mod tests {
    use super::Exp;

    #[test]
    fn exponentials_are_right_to_two_units_in_the_last_place() {
        for i in 0..200_000 {
            let x = -87.0 * f64::from(i) / 200_000.0;
            let (single, exact) = (x as f32, f64::from(x as f32).exp());
            let error = (f64::from(single.exp_of_negative()) - exact).abs() / exact;
            assert!(error < 2.0 * f64::from(f32::EPSILON), "{single}: {error}");
            let error = ((8.0 * x).exp_of_negative() - (8.0 * x).exp()).abs() / (8.0 * x).exp();
            assert!(error < 2.0 * f64::EPSILON, "{x}: {error}");
        }
    }

    #[test]
    fn exponentials_of_special_numbers_are_right() {
        assert_eq!([0.0f32, -88.0, f32::NEG_INFINITY].map(Exp::exp_of_negative), [1.0, 0.0, 0.0]);
        assert_eq!([0.0f64, -709.0, f64::NEG_INFINITY].map(Exp::exp_of_negative), [1.0, 0.0, 0.0]);
        assert!(f32::NAN.exp_of_negative().is_nan() && f64::NAN.exp_of_negative().is_nan());
    }
}
