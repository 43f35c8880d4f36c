//! The table as text.

use std::fmt;

use super::Summary;

const HEAD: [&str; 6] =
    ["name", "layer", "output", "parameters", "multiply-adds", "receptive field"];

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let output = self.rows.last().map_or(self.input, |row| row.output);
        writeln!(f, "{}: {} -> {output}", self.name, self.input)?;
        let mut table = vec![HEAD.map(String::from)];
        table.extend(self.rows.iter().map(|row| {
            [
                row.name.clone(),
                row.layer.clone(),
                row.output.to_string(),
                count(row.parameters as u64),
                count(row.multiply_adds),
                row.receptive_field.map_or(String::new(), |[h, w]| format!("{h} × {w}")),
            ]
        }));
        table.push([
            "total".to_string(),
            String::new(),
            String::new(),
            group(self.parameters() as u64),
            group(self.multiply_adds()),
            String::new(),
        ]);
        let widths: Vec<usize> = (0..HEAD.len())
            .map(|i| table.iter().map(|row| row[i].chars().count()).max().unwrap_or(0))
            .collect();
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
        for (i, row) in table.iter().enumerate() {
            if i == 1 || i + 1 == table.len() {
                writeln!(f, "{rule}")?;
            }
            // Words to the left, numbers to the right.
            let line = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
                if column < 3 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            writeln!(f, "{}", line.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        write!(
            f,
            "memory: parameters {}, activations {} for a batch of {} ({})",
            bytes(self.parameter_bytes()),
            bytes(self.activation_bytes()),
            self.batch,
            if self.element_bytes == 8 { "f64" } else { "f32" },
        )
    }
}

/// A dash for nothing.
fn count(n: u64) -> String {
    if n == 0 { "-".to_string() } else { group(n) }
}

/// `416520` as `416 520`.
pub(crate) fn group(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// In binary units, to three digits or so.
fn bytes(n: usize) -> String {
    let (mut size, mut unit) = (n as f64, "B");
    for next in ["KiB", "MiB", "GiB", "TiB"] {
        if size < 1024.0 {
            break;
        }
        (size, unit) = (size / 1024.0, next);
    }
    if unit == "B" { format!("{n} B") } else { format!("{size:.1} {unit}") }
}
