//! Numbers along an axis.

/// A range of numbers and where its ticks are.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    step: f64,
    logarithmic: bool,
}

impl Axis {
    /// From the numbers to be shown, of which there may be none: round ends, about `ticks` ticks,
    /// at whole numbers if all are whole.
    pub fn of(numbers: impl Iterator<Item = f64> + Clone, ticks: usize) -> Self {
        let least = if numbers.clone().all(|x| x.fract() == 0.0) { 1.0 } else { 0.0 };
        let (mut low, mut high) = ends(numbers).unwrap_or((0.0, 1.0));
        if low == high {
            let around = if low == 0.0 { 1.0 } else { (low.abs() / 2.0).max(least) };
            (low, high) = (low - around, high + around);
        }
        let step = round_step((high - low) / ticks as f64).max(least);
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Axis { low, high, step, logarithmic: false }
    }

    /// A logarithmic axis for numbers above zero, with a tick at each power of ten.
    pub fn logarithmic(numbers: impl Iterator<Item = f64>) -> Self {
        let powers = numbers.filter(|&x| x > 0.0).map(f64::log10);
        let (low, high) = ends(powers).unwrap_or((0.0, 1.0));
        let (low, high) = (low.floor(), high.ceil());
        let high = if high > low { high } else { low + 1.0 };
        Axis { low, high, step: ((high - low) / 8.0).ceil(), logarithmic: true }
    }

    /// Where a number lies, from 0 at the low end to 1; none if it has no place.
    pub fn share(&self, number: f64) -> Option<f64> {
        let number = if self.logarithmic { number.log10() } else { number };
        let share = (number - self.low) / (self.high - self.low);
        share.is_finite().then_some(share)
    }

    /// The ticks: where they lie, and their labels.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let count = ((self.high - self.low) / self.step).round() as usize;
        let tick = |i: usize| {
            let at = self.low + i as f64 * self.step;
            (i as f64 / count as f64, self.label(at))
        };
        (0..=count).map(tick).collect()
    }

    fn label(&self, at: f64) -> String {
        let text = if self.logarithmic {
            match at as i32 {
                power @ -4..=4 => format!("{}", 10f64.powi(power)),
                power => format!("1e{power}"),
            }
        } else if at != 0.0 && (self.high.abs().max(self.low.abs()) >= 1e6 || self.step < 1e-5) {
            format!("{at:.1e}")
        } else {
            let digits = (-self.step.log10().floor()).max(0.0) as usize;
            // No minus before a zero that was rounded.
            format!("{:.digits$}", if at.abs() < self.step / 2.0 { 0.0 } else { at })
        };
        text.replace('-', "−")
    }
}

fn ends(numbers: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    numbers.filter(|x| x.is_finite()).fold(None, |ends, x| {
        Some(ends.map_or((x, x), |(low, high): (f64, f64)| (low.min(x), high.max(x))))
    })
}

/// The next of 1, 2 and 5 times a power of ten.
fn round_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let round = [1.0, 2.0, 5.0].into_iter().map(|n| n * power).find(|&round| round >= step);
    round.unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_cover_the_numbers() {
        let axis = Axis::of([0.013, 0.58].into_iter(), 6);
        assert_eq!(labels(&axis), ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6"]);
        assert!((axis.share(0.3).unwrap() - 0.5).abs() < 1e-9);
        assert_eq!(labels(&Axis::of([-3.0, 4.0].into_iter(), 4)), ["−4", "−2", "0", "2", "4"]);
        assert_eq!(labels(&Axis::of([1.0, 5.0].into_iter(), 5)), ["1", "2", "3", "4", "5"]);
        assert_eq!(labels(&Axis::of([1.0, 3.0].into_iter(), 6)), ["1", "2", "3"]);
        assert_eq!(labels(&Axis::of([1.0].into_iter(), 6)), ["0", "1", "2"]);
    }

    #[test]
    fn no_number_one_number_and_numbers_that_are_none() {
        assert_eq!(labels(&Axis::of([].into_iter(), 4)), ["0", "1"]);
        assert_eq!(Axis::of([7.0].into_iter(), 4).share(7.0), Some(0.5));
        let axis = Axis::of([f64::NAN, 0.0, 1.0, f64::INFINITY].into_iter(), 2);
        assert_eq!((axis.share(1.0), axis.share(f64::NAN)), (Some(1.0), None));
    }

    #[test]
    fn a_logarithmic_axis_has_powers_of_ten() {
        let axis = Axis::logarithmic([0.02, 3.0, 0.0, -1.0].into_iter());
        assert_eq!(labels(&axis), ["0.01", "0.1", "1", "10"]);
        assert_eq!((axis.share(0.0), axis.share(10.0)), (None, Some(1.0)));
        assert_eq!(labels(&Axis::logarithmic([1.0].into_iter())), ["1", "10"]);
    }
}
