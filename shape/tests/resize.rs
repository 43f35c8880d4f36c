//! Upsampling, zeros around an image, and other shapes for the same elements.

use shapewright_shape::{
    Axis, Claim, Problem, Reshape, Shape, Upsample, UpsampleMode, UpsampleSize, ZeroPad2d,
};

const IMAGE: Shape = Shape::image(3, 5, 7);

#[test]
fn upsample() {
    assert_eq!(Upsample::scale(2, 3).output(IMAGE), Ok(Shape::image(3, 10, 21)));
    assert_eq!(Upsample::size(4, 9).output(IMAGE), Ok(Shape::image(3, 4, 9)));
    // The mode has no say in the shape.
    let mode = UpsampleMode::Bilinear { align_corners: true };
    let bilinear = Upsample { mode, ..Upsample::scale(2, 3) };
    assert_eq!(bilinear.output(IMAGE), Ok(Shape::image(3, 10, 21)));
}

#[test]
fn upsample_to_nothing() {
    let wrong = |size| Upsample { size, ..Upsample::scale(1, 1) }.output(IMAGE).unwrap_err();
    let [height, width] = [Axis::Height, Axis::Width];
    assert_eq!(wrong(UpsampleSize::Scale([0, 2])), Problem::ZeroScale { axis: height });
    assert_eq!(wrong(UpsampleSize::Scale([2, 0])), Problem::ZeroScale { axis: width });
    assert_eq!(wrong(UpsampleSize::Size([0, 2])), Problem::ZeroSize { axis: height });
    assert_eq!(wrong(UpsampleSize::Size([2, 0])), Problem::ZeroSize { axis: width });
    assert_eq!(wrong(UpsampleSize::Scale([2, usize::MAX])), Problem::Overflow);
}

#[test]
fn zero_pad() {
    let pad = |padding| ZeroPad2d { padding }.output(IMAGE);
    assert_eq!(pad([[0, 0], [0, 0]]), Ok(IMAGE));
    assert_eq!(pad([[1, 2], [3, 4]]), Ok(Shape::image(3, 8, 14)));
    assert_eq!(pad([[1, usize::MAX], [3, 4]]), Err(Problem::Overflow));
    assert_eq!(pad([[usize::MAX, 0], [3, 4]]), Err(Problem::Overflow));
    let input = Shape::features(3);
    let problem = Problem::NotAnImage { input };
    assert_eq!(ZeroPad2d { padding: [[1, 1], [1, 1]] }.output(input), Err(problem));
}

#[test]
fn none_of_them_takes_features() {
    let input = Shape::features(3);
    assert_eq!(Upsample::scale(2, 2).output(input), Err(Problem::NotAnImage { input }));
}

#[test]
fn reshape() {
    let reshape = |dims: &[Option<usize>]| Reshape { to: Claim::from_dims(dims).unwrap() };
    let to = |dims: &[Option<usize>]| reshape(dims).output(IMAGE);
    assert_eq!(to(&[Some(105)]), Ok(Shape::features(105)));
    assert_eq!(to(&[Some(7), Some(15)]), Ok(Shape::sequence(7, 15)));
    assert_eq!(to(&[Some(5), None, Some(3)]), Ok(Shape::image(5, 7, 3)));
    assert_eq!(to(&[None]), Ok(Shape::features(105)));
    for dims in [[Some(104)], [Some(210)]] {
        let claim = Claim::from_dims(&dims).unwrap();
        assert_eq!(to(&dims), Err(Problem::Reshape { to: claim, input: IMAGE }));
    }
    let uneven = reshape(&[Some(2), None]);
    let problem = Problem::Reshape { to: uneven.to, input: IMAGE };
    assert_eq!(uneven.output(IMAGE), Err(problem));
    let zero = reshape(&[Some(0), None]);
    assert_eq!(zero.output(IMAGE), Err(Problem::ZeroDimension { to: zero.to }));
    let open = reshape(&[None, Some(3), None]);
    assert_eq!(open.output(IMAGE), Err(Problem::OpenDimensions { to: open.to }));
    assert_eq!(to(&[Some(usize::MAX), Some(2)]), Err(Problem::Overflow));
}
