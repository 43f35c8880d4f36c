//! What a window makes of the numbers under it.

use super::axis::Cell;
use crate::shape::PoolKind;

/// One cell under a window: what is there, its number, and the weight that it meets.
#[derive(Clone, Copy, Debug)]
pub struct Tap {
    pub cell: [Cell; 2],
    pub number: f32,
    pub weight: f32,
}

/// What is computed of the taps.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// The sum of products with the weights.
    Products,
    Pool(PoolKind),
}

impl Rule {
    /// The output for a window's taps, those of each row together.
    pub fn value(self, rows: &[Vec<Tap>]) -> f32 {
        let taps = rows.iter().flatten();
        let value = match self {
            Rule::Products => taps.map(|t| f64::from(t.number) * f64::from(t.weight)).sum(),
            Rule::Pool(PoolKind::Max) => pixels(rows).fold(f64::NEG_INFINITY, f64::max),
            Rule::Pool(PoolKind::Min) => pixels(rows).fold(f64::INFINITY, f64::min),
            Rule::Pool(PoolKind::Avg { .. }) => {
                let count = taps.filter(|tap| self.takes(tap.cell)).count();
                pixels(rows).sum::<f64>() / count as f64
            }
            Rule::Pool(PoolKind::Lp { p }) => {
                pixels(rows).map(|x| x.powf(p)).sum::<f64>().powf(1.0 / p)
            }
        };
        value as f32
    }

    /// Whether what is at a cell is a part of it.
    pub fn takes(self, cell: [Cell; 2]) -> bool {
        match self {
            Rule::Products => true,
            Rule::Pool(PoolKind::Avg { count_include_pad: true }) => !cell.contains(&Cell::Beyond),
            Rule::Pool(_) => is_pixel(cell),
        }
    }

    /// How the output came about, one line for each row that has a part in it.
    pub fn words(self, rows: &[Vec<Tap>], value: f32) -> Vec<String> {
        let taken = |row: &Vec<Tap>| -> Vec<Tap> {
            row.iter().copied().filter(|tap| self.takes(tap.cell)).collect()
        };
        let rows: Vec<Vec<Tap>> = rows.iter().map(taken).filter(|row| !row.is_empty()).collect();
        let count = rows.iter().flatten().count();
        let [start, sign, end] = match self {
            Rule::Products => ["", " + ", ""].map(str::to_string),
            Rule::Pool(PoolKind::Max) => ["max(", ", ", ")"].map(str::to_string),
            Rule::Pool(PoolKind::Min) => ["min(", ", ", ")"].map(str::to_string),
            Rule::Pool(PoolKind::Avg { .. }) => {
                ["(".to_string(), " + ".to_string(), format!(") / {count}")]
            }
            Rule::Pool(PoolKind::Lp { p }) => {
                ["(".to_string(), " + ".to_string(), format!(")^(1/{})", text(p as f32))]
            }
        };
        let term = |tap: &Tap| match self {
            Rule::Products => format!("{}·{}", factor(tap.number), factor(tap.weight)),
            Rule::Pool(PoolKind::Max | PoolKind::Min) => text(tap.number),
            Rule::Pool(PoolKind::Avg { .. }) => factor(tap.number),
            Rule::Pool(PoolKind::Lp { p }) => format!("{}^{}", factor(tap.number), text(p as f32)),
        };
        let line = |(i, row): (usize, &Vec<Tap>)| {
            let terms = row.iter().map(term).collect::<Vec<_>>().join(&sign);
            let start = if i == 0 { &start } else { "" };
            if i + 1 < rows.len() {
                format!("{start}{terms}{}", sign.trim_end())
            } else {
                format!("{start}{terms}{end} = {}", text(value))
            }
        };
        rows.iter().enumerate().map(line).collect()
    }
}

/// Whether a pixel of the input is at a cell.
pub fn is_pixel(cell: [Cell; 2]) -> bool {
    matches!(cell, [Cell::Input(_), Cell::Input(_)])
}

/// The input's numbers under the window.
fn pixels(rows: &[Vec<Tap>]) -> impl Iterator<Item = f64> {
    rows.iter().flatten().filter(|tap| is_pixel(tap.cell)).map(|tap| f64::from(tap.number))
}

/// A number with at most two digits behind the point.
pub fn text(number: f32) -> String {
    let short = format!("{number:.2}");
    let short = if short.contains('.') {
        short.trim_end_matches('0').trim_end_matches('.')
    } else {
        &short
    };
    let short = if short == "-0" { "0" } else { short };
    short.replace('-', "−")
}

/// The same where a sign would run into another.
fn factor(number: f32) -> String {
    let text = text(number);
    if text.starts_with('−') { format!("({text})") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tap(cell: Cell, number: f32, weight: f32) -> Tap {
        Tap { cell: [Cell::Input(0), cell], number, weight }
    }

    fn rows() -> Vec<Vec<Tap>> {
        vec![
            vec![tap(Cell::Padding, 0.0, 1.0), tap(Cell::Input(0), 3.0, -2.0)],
            vec![tap(Cell::Input(1), -1.5, 0.5), tap(Cell::Beyond, 0.0, 4.0)],
        ]
    }

    fn words(rule: Rule, rows: &[Vec<Tap>]) -> String {
        rule.words(rows, rule.value(rows)).join(" ")
    }

    #[test]
    fn products() {
        assert_eq!(words(Rule::Products, &rows()), "0·1 + 3·(−2) + (−1.5)·0.5 + 0·4 = −6.75");
    }

    #[test]
    fn pools_take_pixels() {
        let words = |kind| words(Rule::Pool(kind), &rows());
        assert_eq!(words(PoolKind::Max), "max(3, −1.5) = 3");
        assert_eq!(words(PoolKind::Min), "min(3, −1.5) = −1.5");
        // The average counts padding or not, but never what is beyond it.
        let avg = |count_include_pad| words(PoolKind::Avg { count_include_pad });
        assert_eq!(avg(true), "(0 + 3 + (−1.5)) / 3 = 0.5");
        assert_eq!(avg(false), "(3 + (−1.5)) / 2 = 0.75");
    }

    #[test]
    fn the_power_average_is_not_divided() {
        let rows = [vec![tap(Cell::Input(0), 3.0, 0.0), tap(Cell::Input(1), 4.0, 0.0)]];
        assert_eq!(words(Rule::Pool(PoolKind::Lp { p: 2.0 }), &rows), "(3^2 + 4^2)^(1/2) = 5");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([3.0, -0.001, 100.0, 2.5, 0.126].map(text), ["3", "0", "100", "2.5", "0.13"]);
    }
}
