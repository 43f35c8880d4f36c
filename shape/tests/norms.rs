//! What normalisations take, and what they are made of.

use shapewright_shape::{Norm, NormKind, Problem, Shape};

const IMAGE: Shape = Shape::image(6, 5, 4);
const SEQUENCE: Shape = Shape::sequence(6, 9);
const FEATURES: Shape = Shape::features(6);

#[test]
fn shapes_stay_as_they_are() {
    let takes = |kind, input| assert_eq!(Norm::new(kind).output(input), Ok(input));
    takes(NormKind::Batch2d { momentum: 0.1 }, IMAGE);
    takes(NormKind::Batch1d { momentum: 0.1 }, SEQUENCE);
    takes(NormKind::Batch1d { momentum: 0.1 }, FEATURES);
    for input in [IMAGE, SEQUENCE, FEATURES] {
        takes(NormKind::Layer, input);
        takes(NormKind::Group { groups: 3 }, input);
    }
}

#[test]
fn what_each_does_not_take() {
    let problem = |kind, input| Norm::new(kind).output(input).unwrap_err();
    let batch2d = NormKind::Batch2d { momentum: 0.1 };
    assert_eq!(problem(batch2d, SEQUENCE), Problem::NotAnImage { input: SEQUENCE });
    let batch1d = NormKind::Batch1d { momentum: 0.1 };
    assert_eq!(problem(batch1d, IMAGE), Problem::AnImage { input: IMAGE });
    let groups = Problem::GroupsInput { groups: 4, channels: 6 };
    assert_eq!(problem(NormKind::Group { groups: 4 }, IMAGE), groups);
}

#[test]
fn options() {
    let problem = |norm: Norm| norm.check_options().unwrap_err();
    for eps in [-1e-5, f64::NAN, f64::INFINITY] {
        assert_eq!(problem(Norm { eps, ..Norm::new(NormKind::Layer) }), Problem::Epsilon);
    }
    for momentum in [-0.1, 1.1, f64::NAN] {
        assert_eq!(problem(Norm::new(NormKind::Batch2d { momentum })), Problem::Momentum);
        assert_eq!(problem(Norm::new(NormKind::Batch1d { momentum })), Problem::Momentum);
    }
    assert_eq!(problem(Norm::new(NormKind::Group { groups: 0 })), Problem::ZeroGroups);
}

#[test]
fn parameters() {
    let of = |kind| Norm::new(kind).parameters(IMAGE);
    assert_eq!(of(NormKind::Batch2d { momentum: 0.1 }), Some(12));
    assert_eq!(of(NormKind::Group { groups: 2 }), Some(12));
    assert_eq!(of(NormKind::Layer), Some(240));
}
