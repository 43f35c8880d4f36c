//! Which classes are taken for which.

use std::fmt;

/// How often each class was taken for each: rows are labels, columns what the network says.
///
/// ```
/// use shapewright::train::ConfusionMatrix;
///
/// let mut matrix = ConfusionMatrix::new(2);
/// for (label, said) in [(0, 0), (0, 0), (0, 1), (1, 1)] {
///     matrix.add(label, said);
/// }
/// assert_eq!(matrix.accuracy(), 0.75);
/// assert_eq!((matrix.recall(0), matrix.precision(0)), (2.0 / 3.0, 1.0));
/// assert_eq!(matrix.to_string(), "\
/// label \\ said  0  1
///            0  2  1
///            1  0  1
/// ");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    classes: usize,
    counts: Vec<u64>,
    names: Vec<String>,
}

impl ConfusionMatrix {
    /// A matrix of zeros for so many classes.
    pub fn new(classes: usize) -> Self {
        let names = (0..classes).map(|class| class.to_string()).collect();
        ConfusionMatrix { classes, counts: vec![0; classes * classes], names }
    }

    /// Writes the classes with these names; those beyond them keep their numbers.
    #[must_use]
    pub fn with_names(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        for (own, name) in self.names.iter_mut().zip(names) {
            *own = name.into();
        }
        self
    }

    /// The classes' names, or numbers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Counts one more.
    ///
    /// # Panics
    ///
    /// If one of both is no class.
    pub fn add(&mut self, label: usize, said: usize) {
        assert!(label < self.classes && said < self.classes, "no such class");
        self.counts[label * self.classes + said] += 1;
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How often `label` was taken for `said`.
    ///
    /// # Panics
    ///
    /// If one of both is no class.
    pub fn count(&self, label: usize, said: usize) -> u64 {
        assert!(label < self.classes && said < self.classes, "no such class");
        self.counts[label * self.classes + said]
    }

    /// All that were counted.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The part that was right; not a number if nothing was counted, as in the other parts.
    pub fn accuracy(&self) -> f64 {
        let right: u64 = (0..self.classes).map(|class| self.count(class, class)).sum();
        right as f64 / self.total() as f64
    }

    /// The part of a class that was found.
    ///
    /// # Panics
    ///
    /// If there is no such class; so do the other measures of a class.
    pub fn recall(&self, class: usize) -> f64 {
        let labelled: u64 = (0..self.classes).map(|said| self.count(class, said)).sum();
        self.count(class, class) as f64 / labelled as f64
    }

    /// The part of what was taken for a class that is one.
    ///
    /// # Panics
    ///
    /// As [`recall`](ConfusionMatrix::recall).
    pub fn precision(&self, class: usize) -> f64 {
        let said: u64 = (0..self.classes).map(|label| self.count(label, class)).sum();
        self.count(class, class) as f64 / said as f64
    }

    /// The harmonic mean of precision and recall.
    ///
    /// # Panics
    ///
    /// As [`recall`](ConfusionMatrix::recall).
    pub fn f1(&self, class: usize) -> f64 {
        let (precision, recall) = (self.precision(class), self.recall(class));
        2.0 * precision * recall / (precision + recall)
    }

    /// Intersection over union of a class, as of a segmentation.
    ///
    /// # Panics
    ///
    /// As [`recall`](ConfusionMatrix::recall).
    pub fn iou(&self, class: usize) -> f64 {
        let either = |other| self.count(class, other) + self.count(other, class);
        let union: u64 = (0..self.classes).filter(|&other| other != class).map(either).sum();
        let both = self.count(class, class);
        both as f64 / (union + both) as f64
    }
}

/// A table.
impl fmt::Display for ConfusionMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let corner = "label \\ said";
        let width = |text: &str| text.chars().count();
        let first = self.names.iter().map(|name| width(name)).max().unwrap_or(0).max(width(corner));
        write!(f, "{corner:>first$}")?;
        let column = |said: usize| {
            let counts = (0..self.classes).map(|label| self.count(label, said).to_string().len());
            counts.max().unwrap_or(0).max(width(&self.names[said]))
        };
        let columns: Vec<usize> = (0..self.classes).map(column).collect();
        for (name, width) in self.names.iter().zip(&columns) {
            write!(f, "  {name:>width$}")?;
        }
        writeln!(f)?;
        for label in 0..self.classes {
            write!(f, "{:>first$}", self.names[label])?;
            for (said, width) in columns.iter().enumerate() {
                write!(f, "  {:>width$}", self.count(label, said))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
