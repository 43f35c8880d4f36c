//! A classifier measured on a whole set.

use super::ConfusionMatrix;
use super::ranks::Place;

/// How good a classifier is on a set: what
/// [`Classification::measure`](crate::train::Classification::measure) gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The mean loss over the labels.
    pub loss: f64,
    /// Which classes are taken for which.
    pub confusion: ConfusionMatrix,
    /// For how many labels so many classes have a higher score.
    ranks: Vec<u64>,
    labels: usize,
}

impl Evaluation {
    pub(in crate::train) fn new(classes: usize) -> Self {
        let confusion = ConfusionMatrix::new(classes);
        Evaluation { loss: 0.0, confusion, ranks: vec![0; classes], labels: 0 }
    }

    /// Takes in the mean loss of so many labels, and their places.
    pub(in crate::train) fn add(
        &mut self,
        loss: f64,
        labels: usize,
        places: impl Iterator<Item = Place>,
    ) {
        self.labels += labels;
        self.loss += (loss - self.loss) * labels as f64 / self.labels.max(1) as f64;
        for Place { label, rank, best } in places {
            self.confusion.add(label, best);
            self.ranks[rank] += 1;
        }
    }

    /// The part of the labels whose score is the highest, from 0 to 1.
    pub fn accuracy(&self) -> f64 {
        self.top_k(1)
    }

    /// The part of the labels whose score is among the `k` highest, from 0 to 1.
    pub fn top_k(&self, k: usize) -> f64 {
        let right: u64 = self.ranks.iter().take(k).sum();
        right as f64 / self.ranks.iter().sum::<u64>() as f64
    }
}
