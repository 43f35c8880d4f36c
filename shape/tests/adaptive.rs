//! Bins against a definition without divisions, and the shapes of adaptive and global pools.

use shapewright_shape::{AdaptiveKind, AdaptivePool2d, Axis, Problem, Shape, bin};

/// Pixel `p` belongs to bin `i` if the intervals `p..p + 1` and `i · in / out..(i + 1) · in / out`
/// of the real line overlap: cross-multiplied, so that nothing is rounded.
fn overlaps(p: usize, i: usize, input: usize, output: usize) -> bool {
    p * output < (i + 1) * input && i * input < (p + 1) * output
}

#[test]
fn a_bin_is_the_pixels_that_its_interval_touches() {
    for input in 1..40 {
        for output in 1..40 {
            for i in 0..output {
                let (start, end) = bin(i, input, output);
                let bin: Vec<usize> = (start..end).collect();
                let expected: Vec<usize> =
                    (0..input).filter(|&p| overlaps(p, i, input, output)).collect();
                assert_eq!(bin, expected, "bin {i} of {output} on {input}");
            }
        }
    }
}

#[test]
fn bins_of_sizes_that_divide_are_windows() {
    for (i, expected) in [(0, (0, 4)), (1, (4, 8)), (2, (8, 12))] {
        assert_eq!(bin(i, 12, 3), expected);
    }
}

#[test]
fn the_largest_sizes_do_not_overflow() {
    let most = usize::MAX;
    assert_eq!(bin(most - 1, most, most), (most - 1, most));
    assert_eq!(bin(0, most, 1), (0, most));
    assert_eq!(bin(most - 1, 1, most), (0, 1));
}

#[test]
fn shapes() {
    let pool = |output| AdaptivePool2d { kind: AdaptiveKind::Avg, output };
    let image = Shape::image(16, 13, 11);
    assert_eq!(pool(Some([5, 7])).output(image), Ok(Shape::image(16, 5, 7)));
    assert_eq!(pool(Some([40, 1])).output(image), Ok(Shape::image(16, 40, 1)));
    assert_eq!(pool(None).output(image), Ok(Shape::features(16)));
    assert_eq!(pool(None).size(), [1, 1]);
    let zero = |axis| Err(Problem::ZeroSize { axis });
    assert_eq!(pool(Some([0, 5])).output(image), zero(Axis::Height));
    assert_eq!(pool(Some([5, 0])).output(image), zero(Axis::Width));
    let input = Shape::features(16);
    assert_eq!(pool(None).output(input), Err(Problem::NotAnImage { input }));
    assert_eq!(pool(None).output(Shape::image(3, 0, 5)), Err(Problem::ZeroInput));
}
