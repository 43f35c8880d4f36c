//! What loading did.
use super::Mismatch;

/// What was loaded, and what [`LoadOptions`](super::LoadOptions) let pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadReport {
    /// How many of the network's tensors were set.
    pub loaded: usize,
    /// The differences that were passed over, by name.
    pub skipped: Vec<Mismatch>,
}

impl LoadReport {
    /// The network's tensors that were not given.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.names(|mismatch| matches!(mismatch, Mismatch::Missing { .. }))
    }

    /// The entries that the network has not.
    pub fn unexpected(&self) -> impl Iterator<Item = &str> {
        self.names(|mismatch| matches!(mismatch, Mismatch::Unexpected { .. }))
    }

    /// The network's tensors that were given in another shape.
    pub fn misshapen(&self) -> impl Iterator<Item = &str> {
        self.names(|mismatch| matches!(mismatch, Mismatch::Shape { .. }))
    }

    fn names(&self, kind: impl Fn(&Mismatch) -> bool) -> impl Iterator<Item = &str> {
        self.skipped.iter().filter(move |mismatch| kind(mismatch)).map(Mismatch::name)
    }
}
