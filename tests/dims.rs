//! Sizes that the compiler computes, against the rules of `shape`.

use std::any::TypeId;

use shapewright::dims::*;
use shapewright::prelude::*;
use shapewright::shape::{self, Padding};

/// The size of a sequence's dimension that is a `Const`.
trait Length {
    const LENGTH: usize;
}

impl<const N: usize> Length for (Const<N>,) {
    const LENGTH: usize = N;
}

/// What the compiler makes of a sequence of `$n`, for many sizes and sets of options.
macro_rules! compare {
    ($rule:path: $([$($n:literal)*] $op:ident $options:tt;)*) => {
        $($(compare!(@one $rule, $n, $op $options);)*)*
    };
    (@one $rule:path, $n:literal, $op:ident [$($option:literal)*]) => {
        assert_eq!(
            <(Const<$n>,) as Through<$op<$($option),*>>>::Out::LENGTH,
            $rule($n, [$($option),*]),
            concat!(stringify!($op), " {:?} of ", stringify!($n)),
            [$($option),*],
        );
    };
}

fn place(
    n: usize,
    [kernel, stride, dilation]: [usize; 3],
    padding: Padding,
    ceil_mode: bool,
) -> usize {
    let axis = shape::Axis::Height;
    let window = shape::Window { axis, kernel, stride, dilation, padding, ceil_mode };
    window.place(n).unwrap().output
}

fn window(n: usize, [kernel, stride, lo, hi, dilation]: [usize; 5]) -> usize {
    place(n, [kernel, stride, dilation], Padding::Explicit([[lo, hi], [0, 0]]), false)
}

fn ceil_window(n: usize, [kernel, stride, lo, hi, dilation]: [usize; 5]) -> usize {
    place(n, [kernel, stride, dilation], Padding::Explicit([[lo, hi], [0, 0]]), true)
}

fn same_window(n: usize, [stride]: [usize; 1]) -> usize {
    place(n, [3, stride, 1], Padding::Same, false)
}

fn full_window(n: usize, options: [usize; 3]) -> usize {
    place(n, options, Padding::Full, false)
}

fn paint(n: usize, layer: shape::ConvTranspose2d) -> usize {
    layer.place(n, 4).unwrap()[0].output
}

fn transposed(n: usize, [k, s, lo, hi, d, further]: [usize; 6]) -> usize {
    let layer = shape::ConvTranspose2d::new(1, [k, 1]);
    paint(
        n,
        shape::ConvTranspose2d {
            stride: [s, 1],
            padding: Padding::Explicit([[lo, hi], [0, 0]]),
            dilation: [d, 1],
            output_padding: [further, 0],
            ..layer
        },
    )
}

fn same_transposed(n: usize, [s, further]: [usize; 2]) -> usize {
    let layer = shape::ConvTranspose2d::new(1, [3, 1]);
    paint(
        n,
        shape::ConvTranspose2d {
            stride: [s, 1],
            padding: Padding::Same,
            output_padding: [further, 0],
            ..layer
        },
    )
}

fn full_transposed(n: usize, [k, s, d, further]: [usize; 4]) -> usize {
    let layer = shape::ConvTranspose2d::new(1, [k, 1]);
    paint(
        n,
        shape::ConvTranspose2d {
            stride: [s, 1],
            padding: Padding::Full,
            dilation: [d, 1],
            output_padding: [further, 0],
            ..layer
        },
    )
}

fn times(n: usize, [scale]: [usize; 1]) -> usize {
    shape::Upsample::scale(scale, 1).output(shape::Shape::image(1, n, 1)).unwrap().dim(1)
}

fn pad(n: usize, [lo, hi]: [usize; 2]) -> usize {
    let layer = shape::ZeroPad2d { padding: [[lo, hi], [0, 0]] };
    layer.output(shape::Shape::image(1, n, 1)).unwrap().dim(1)
}

#[test]
fn windows() {
    compare! { window:
        [1 2 3 31 32 63 64 65 127 128 1023 1024 1025 2047 2048] Window [1 1 0 0 1];
        [1 2 3 4 5 28 63 64 65 224 2047 2048] Window [3 1 1 1 1];
        [1 2 3 4 5 28 63 64 65 224 2047 2048] Window [3 2 1 1 1];
        [2 3 4 5 6 7 8 9 128 129 2047 2048] Window [2 2 0 0 1];
        [5 6 7 8 9 10 11 12 13 28 32 2048] Window [5 1 0 0 1];
        [5 6 7 8 9 10 11 12 13 28 32 2048] Window [5 3 0 0 1];
        [1 2 3 4 5 6 7 8 9 10 224 2048] Window [7 2 3 3 1];
        [9 10 11 12 13 14 15 16 17 100 2048] Window [3 2 0 0 4];
        [4 5 6 7 8 9 10 11 12 13 14 2048] Window [4 3 0 1 1];
        [3 4 5 6 7 8 9 10 11 100 2048] Window [4 7 1 0 1];
        [5 6 7 8 9 10 11 2048] Window [4 1 1 3 2];
        [2048] Window [2048 1 0 0 1];
        [1 2 1024 2000] Window [1 1 5 6 1];
        [2 3 2048] Window [1 2048 0 0 1];
    }
}

#[test]
fn windows_over_the_end() {
    compare! { ceil_window:
        [1 2 3 4 5 6 7 8 63 64 65 127 128 2047 2048] CeilWindow [1 1 0 0 1];
        [2 3 4 5 6 7 8 9 128 129 2047 2048] CeilWindow [2 2 0 0 1];
        [3 4 5 6 7 8 9 10 11 28 2047 2048] CeilWindow [3 2 0 0 1];
        [1 2 3 4 5 6 7 8 9 10 11 2048] CeilWindow [3 2 1 1 1];
        [1 2 3 4 5 6 7 8 9 10 11 2048] CeilWindow [2 3 1 1 1];
        [2 3 4 5 6 7 8 9 10 11 12 13 2048] CeilWindow [2 5 0 0 1];
        [3 4 5 6 7 8 9 10 11 12 13 2048] CeilWindow [2 4 1 0 3];
        [1 2 3 4 5 6 7 8 9 10 11 2048] CeilWindow [4 3 2 2 1];
        [5 6 7 8 9 10 11 12 13 2047] CeilWindow [3 3 0 0 2];
    }
}

#[test]
fn same_and_full_windows() {
    compare! { same_window:
        [1 2 3 4 63 64 65 1023 1024 1025 2047 2048] SameWindow [1];
        [1 2 3 4 63 64 65 1023 1024 1025 2047 2048] SameWindow [2];
        [1 2 3 4 5 6 7 8 9 10 2047 2048] SameWindow [3];
        [1 2 31 32 33 2048] SameWindow [32];
        [1 2047 2048] SameWindow [2048];
    }
    compare! { full_window:
        [1 2 3 62 63 64 65 2046 2048] FullWindow [1 1 1];
        [1 2 3 62 63 64 65 2045 2046] FullWindow [3 1 1];
        [1 2 3 4 5 6 7 8 2047 2048] FullWindow [3 2 1];
        [1 2 3 4 5 6 7 8 2000 2048] FullWindow [4 3 2];
    }
}

#[test]
fn transposed_windows() {
    compare! { transposed:
        [1 2 3 31 32 33 64 65 1023 1024] Transposed [2 2 0 0 1 0];
        [1 2 3 31 32 33 64 65 1023 1024] Transposed [4 2 1 1 1 0];
        [1 2 3 31 32 33 64 65 1023 1024] Transposed [3 2 1 1 1 1];
        [1 2 3 4 5 6 7 8 2040 2046] Transposed [3 1 0 0 1 0];
        [3 4 5 6 7 8 2047 2048] Transposed [3 1 2 2 1 0];
        [1 2 3 4 5 6 7 600] Transposed [3 3 0 1 2 2];
        [1] Transposed [1 1 0 0 1 0];
        [1 2 3 4] Transposed [5 512 0 0 1 0];
    }
    compare! { same_transposed:
        [1 2 3 63 64 65 2047 2048] SameTransposed [1 0];
        [1 2 3 63 64 65 1023 1024] SameTransposed [2 0];
        [1 2 3 63 64 65 500 600] SameTransposed [3 2];
    }
    compare! { full_transposed:
        [1 2 3 2047 2048] FullTransposed [1 1 1 0];
        [3 4 5 6 7 2047 2048] FullTransposed [3 1 1 0];
        [3 4 5 6 7 8 9 600] FullTransposed [3 3 2 1];
    }
}

#[test]
fn upsampling_and_padding() {
    compare! { times:
        [1 2 3 63 64 65 2047 2048] Times [1];
        [1 2 3 63 64 65 1023 1024] Times [2];
        [1 2 3 63 64 65 500 682] Times [3];
        [1 2] Times [1024];
    }
    compare! { pad:
        [1 2 3 63 64 65 2047 2048] Pad [0 0];
        [1 2 3 63 64 65 2040 2043] Pad [2 3];
        [1 48] Pad [1000 1000];
    }
}

fn same<A: 'static, B: 'static>() -> bool {
    TypeId::of::<A>() == TypeId::of::<B>()
}

#[test]
fn dimensions_that_are_known_later_stay_so() {
    type Pool = Window<2, 2, 0, 0, 1>;
    type Wide = Window<5, 1, 0, 0, 1>;
    assert!(same::<<(usize, usize) as Through<Pool, Pool>>::Out, (usize, usize)>());
    assert!(same::<<(Const<9>, usize) as Through<Pool, Wide>>::Out, (Const<4>, usize)>());
    assert!(same::<<(usize, Const<9>) as Through<Pool, Wide>>::Out, (usize, Const<5>)>());
    assert!(same::<<(Const<9>, Const<9>) as Through<Pool, Wide>>::Out, (Const<4>, Const<5>)>());
    assert!(same::<<(usize,) as Through<Pool>>::Out, (usize,)>());
    assert!(same::<<(usize,) as Through<Window<9999, 1, 0, 0, 1>>>::Out, (usize,)>());
}

#[test]
fn dimensions_that_meet() {
    assert!(same::<<() as Equal<()>>::Out, ()>());
    assert!(same::<<(usize,) as Equal<(Const<5>,)>>::Out, (Const<5>,)>());
    assert!(same::<<(Const<5>,) as Equal<(usize,)>>::Out, (Const<5>,)>());
    type Met = <(Const<5>, usize) as Equal<(Const<5>, usize)>>::Out;
    assert!(same::<Met, (Const<5>, usize)>());
}
