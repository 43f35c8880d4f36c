//! The table of a network's layers.

mod call;
mod display;
mod rows;

use rows::Rows;
#[cfg(feature = "plot")]
pub(crate) use {call::text as call, display::group};

use crate::shape::{Network, ReceptiveField, Shape};

/// What `summary()` of a network gives: a row for each layer, and totals. `Display` prints it
/// as a table.
///
/// ```
/// # use shapewright::prelude::*;
/// net! {
///     struct Small: [1, 28, 28] -> [10] {
///         conv: Conv2d(8, kernel = 3),
///         ReLU,
///         MaxPool2d(2),
///         Flatten,
///         Linear(10),
///     }
/// }
/// let summary = Small::summary().with_batch(64);
/// assert_eq!(summary.rows[0].parameters, 8 * (9 + 1));
/// assert_eq!(summary.parameters(), Small::PARAMETERS);
/// assert_eq!(summary.activation_bytes(), 4 * 64 * (784 + 2 * 8 * 26 * 26 + 2 * 8 * 169 + 10));
/// println!("{summary}");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The network's name.
    pub name: String,
    /// The shape of one input.
    pub input: Shape,
    /// The layers in order.
    pub rows: Vec<Row>,
    /// The batch for which [`Summary::activation_bytes`] counts; 1 unless
    /// [`with_batch`](Summary::with_batch) says another.
    pub batch: usize,
    /// Trainable parameters of layers of the user's own, which have no rows.
    own_parameters: usize,
    /// Bytes of an element: 4, or 8 after [`with_f64`](Summary::with_f64).
    pub element_bytes: usize,
}

/// A layer in a [`Summary`], or the place where the branches of a block come together.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The name in the declaration, or the empty string.
    pub name: String,
    /// The layer as one would write it, without options that have their default.
    pub layer: String,
    /// The shape of its output.
    pub output: Shape,
    /// Its trainable parameters.
    pub parameters: usize,
    /// Its multiply-adds for one input.
    pub multiply_adds: u64,
    /// Height and width of the part of the input image that one output pixel depends on, cut to
    /// the image; `None` after a feature vector came in.
    pub receptive_field: Option<[usize; 2]>,
}

impl Summary {
    /// The summary of a network, up to its first mistake if it has one.
    pub fn of(network: &Network) -> Self {
        Summary::of_input(network, network.example())
    }

    /// The summary for an input of this shape.
    pub fn of_input(network: &Network, input: Shape) -> Self {
        let mut rows = Rows::default();
        rows.network(network, "", input, ReceptiveField::of_input(input));
        Summary {
            name: network.name.to_string(),
            input,
            rows: rows.rows,
            batch: 1,
            element_bytes: 4,
            own_parameters: rows.own_parameters,
        }
    }

    /// The same for another batch.
    #[must_use]
    pub fn with_batch(self, batch: usize) -> Self {
        Summary { batch, ..self }
    }

    /// The same for `f64` parameters and activations.
    #[must_use]
    pub fn with_f64(self) -> Self {
        Summary { element_bytes: 8, ..self }
    }

    /// All trainable parameters.
    pub fn parameters(&self) -> usize {
        self.rows.iter().fold(self.own_parameters, |sum, row| sum.saturating_add(row.parameters))
    }

    /// Multiply-adds for one input.
    pub fn multiply_adds(&self) -> u64 {
        self.rows.iter().fold(0, |sum, row| sum.saturating_add(row.multiply_adds))
    }

    /// Bytes of the parameters.
    pub fn parameter_bytes(&self) -> usize {
        self.parameters().saturating_mul(self.element_bytes)
    }

    /// Bytes of the input and of every layer's output for the batch: what training keeps.
    pub fn activation_bytes(&self) -> usize {
        let shapes = std::iter::once(&self.input).chain(self.rows.iter().map(|row| &row.output));
        let one = shapes.fold(0usize, |sum, x| sum.saturating_add(x.numel().unwrap_or(usize::MAX)));
        one.saturating_mul(self.batch).saturating_mul(self.element_bytes)
    }
}
