//! The places of labels among the scores.

use num_traits::Float;

/// A label among the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub label: usize,
    /// In how many classes the score is higher than in the label's own. Of equal ones those before
    /// it count as higher.
    pub rank: usize,
    /// The class of the highest score.
    pub best: usize,
}

/// The places of all labels but those to `ignore` and those that are no classes. `scores` is
/// `(batch, classes, positions)`, and there are `batch · positions` labels.
///
/// A score that is not a number counts as the highest, as it does for PyTorch.
pub fn places<'a, E: Float>(
    scores: &'a [E],
    [classes, positions]: [usize; 2],
    labels: &'a [usize],
    ignore: Option<usize>,
) -> impl Iterator<Item = Place> + 'a {
    let counts = move |label: usize| label < classes && ignore != Some(label);
    labels.iter().enumerate().filter(move |(_, label)| counts(**label)).map(move |(i, &label)| {
        let (image, position) = (i / positions, i % positions);
        let score = |class: usize| scores[(image * classes + class) * positions + position];
        let own = score(label);
        let higher = |&class: &usize| {
            beats(score(class), own) || (class < label && !beats(own, score(class)))
        };
        let better = |best, class| if beats(score(class), score(best)) { class } else { best };
        let best = (1..classes).fold(0, better);
        Place { label, rank: (0..classes).filter(higher).count(), best }
    })
}

fn beats<E: Float>(a: E, b: E) -> bool {
    a > b || (a.is_nan() && !b.is_nan())
}

/// The part of the labels whose score is the highest.
pub fn accuracy(places: impl Iterator<Item = Place>) -> f64 {
    let (right, all) =
        places.fold((0, 0), |(right, all), place| (right + usize::from(place.rank == 0), all + 1));
    right as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(scores: &[f32], sizes: [usize; 2], labels: &[usize]) -> Vec<(usize, usize)> {
        places(scores, sizes, labels, Some(9)).map(|place| (place.rank, place.best)).collect()
    }

    #[test]
    fn the_rank_is_the_number_of_better_classes() {
        let scores = [0.1, 0.7, 0.2, 0.7];
        let rank = |label| found(&scores, [4, 1], &[label])[0];
        assert_eq!([0, 1, 2, 3].map(rank), [(3, 1), (0, 1), (2, 1), (1, 1)]);
    }

    #[test]
    fn positions_of_a_map_have_their_own_scores() {
        // Two classes, three positions.
        let scores = [1.0, 0.0, 5.0, 0.0, 1.0, 9.0];
        assert_eq!(found(&scores, [2, 3], &[0, 0, 1]), [(0, 0), (1, 1), (0, 1)]);
        assert_eq!(accuracy(places(&scores, [2, 3], &[0, 0, 1], None)), 2.0 / 3.0);
    }

    #[test]
    fn what_is_to_be_ignored_does_not_count() {
        let scores = [1.0, 0.0, 0.0, 1.0];
        let accuracy = |labels, ignore| accuracy(places(&scores, [2, 1], labels, ignore));
        assert_eq!(accuracy(&[0, 0], None), 0.5);
        assert_eq!(accuracy(&[0, 255], Some(255)), 1.0);
        assert_eq!(accuracy(&[1, 1], Some(1)), 0.0);
    }

    #[test]
    fn what_is_no_number_is_the_highest() {
        let scores = [1.0, f32::NAN, 2.0];
        assert_eq!(found(&scores, [3, 1], &[2]), [(1, 1)]);
        assert_eq!(found(&scores, [3, 1], &[1]), [(0, 1)]);
    }
}
