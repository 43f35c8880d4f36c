//! The table of a network's layers.

mod call;
mod display;
mod receptive;

use receptive::Field;

use crate::shape::{Network, Shape, Step, StepKind};

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
    /// Bytes of an element: 4, or 8 after [`with_f64`](Summary::with_f64).
    pub element_bytes: usize,
}

/// A layer in a [`Summary`].
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
        let mut summary = Summary {
            name: network.name.to_string(),
            input: network.input,
            rows: Vec::new(),
            batch: 1,
            element_bytes: 4,
        };
        summary.push(network, "", Field::of_input(network.input));
        summary
    }

    /// Adds a row for each layer of `network`, those of inner networks under `path.name`.
    fn push(&mut self, network: &Network, path: &str, mut field: Field) -> Field {
        let mut x = network.input;
        let is_layer = |step: &&Step| !matches!(step.kind, StepKind::Checkpoint(_));
        for (index, step) in network.steps.iter().filter(is_layer).enumerate() {
            let Ok(y) = step.kind.output(x) else { break };
            // Without a name it goes by its number, as its parameters do.
            let number = index.to_string();
            let name = if step.name.is_empty() { &number } else { step.name };
            let name = format!("{path}{name}");
            match step.kind {
                StepKind::Layer(layer) => {
                    field = field.after(&layer, x);
                    self.rows.push(Row {
                        name: if step.name.is_empty() { String::new() } else { name },
                        layer: call::text(&layer, x),
                        output: y,
                        parameters: step.kind.parameters(x),
                        multiply_adds: step.kind.multiply_adds(x, y),
                        receptive_field: field.size(),
                    });
                }
                StepKind::Network(inner) => {
                    field = self.push(inner, &format!("{name}."), field);
                }
                StepKind::Checkpoint(_) => {}
            }
            x = y;
        }
        field
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
        self.rows.iter().fold(0, |sum, row| sum.saturating_add(row.parameters))
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
