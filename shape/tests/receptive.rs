//! Receptive fields, and from where on they are larger than any corner needs.

use shapewright_shape::{Conv2d, Layer, Pool2d, ReceptiveField, Shape};

#[test]
fn a_corner_sees_all_from_twice_the_image_on() {
    let x = Shape::image(1, 8, 8);
    let conv = Layer::Conv2d(Conv2d::new(1, [3, 3]));
    let mut field = ReceptiveField::of_input(x);
    for convs in 1..12 {
        field = field.after(&conv, x);
        let size = 2 * convs + 1;
        assert_eq!(field.size(), Some([size.min(8); 2]));
        assert_eq!(field.beyond(), (size >= 15).then_some([size; 2]));
    }
}

#[test]
fn where_branches_meet() {
    let x = Shape::image(1, 8, 8);
    let input = ReceptiveField::of_input(x);
    let pooled = input.after(&Layer::Pool2d(Pool2d::max([2, 2])), x);
    assert_eq!(input.or(pooled).size(), Some([2, 2]));
    assert_eq!(input.and(pooled).size(), Some([1, 1]));
    // What a `Flatten` and `Linear` see is no matter of windows.
    let global = Layer::AdaptivePool2d(shapewright_shape::AdaptivePool2d {
        kind: shapewright_shape::AdaptiveKind::Avg,
        output: None,
    });
    let all = pooled.after(&global, x);
    assert_eq!((all.size(), all.beyond()), (Some([8, 8]), None));
}
