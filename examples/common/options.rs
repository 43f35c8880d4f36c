//! Values on the command line.
use clap::builder::RangedU64ValueParser;

/// A whole number in `least..=most`.
pub fn number(least: u64, most: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(least..=most)
}

/// A learning rate: finite and above zero.
pub fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if rate.is_finite() && rate > 0.0 {
        Ok(rate)
    } else {
        Err("must be finite and above zero".to_owned())
    }
}
