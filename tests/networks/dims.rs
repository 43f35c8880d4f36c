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
        [1 2 3 31 32 63 64 65 127 128 1023 1024 1025 2047 2048] Slide [1 1 0 0 1];
        [1 2 3 4 5 28 63 64 65 224 2047 2048] Slide [3 1 1 1 1];
        [1 2 3 4 5 28 63 64 65 224 2047 2048] Slide [3 2 1 1 1];
        [2 3 4 5 6 7 8 9 128 129 2047 2048] Slide [2 2 0 0 1];
        [5 6 7 8 9 10 11 12 13 28 32 2048] Slide [5 1 0 0 1];
        [5 6 7 8 9 10 11 12 13 28 32 2048] Slide [5 3 0 0 1];
        [1 2 3 4 5 6 7 8 9 10 224 2048] Slide [7 2 3 3 1];
        [9 10 11 12 13 14 15 16 17 100 2048] Slide [3 2 0 0 4];
        [4 5 6 7 8 9 10 11 12 13 14 2048] Slide [4 3 0 1 1];
        [3 4 5 6 7 8 9 10 11 100 2048] Slide [4 7 1 0 1];
        [5 6 7 8 9 10 11 2048] Slide [4 1 1 3 2];
        [1 2 3 4 5 6 7 8 9 63 64 65 2047 2048] Slide [1 4 0 0 1];
        [8 9 15 16 17 224 2047 2048] Slide [8 8 0 0 1];
        [1 2 5 6 7 11 12 13 18 19 2048] Slide [3 6 1 1 1];
        [2048] Slide [2048 1 0 0 1];
        [1 2 1024 2000] Slide [1 1 5 6 1];
        [2 3 2048] Slide [1 2048 0 0 1];
    }
}

#[test]
fn windows_over_the_end() {
    compare! { ceil_window:
        [1 2 3 4 5 6 7 8 63 64 65 127 128 2047 2048] CeilSlide [1 1 0 0 1];
        [2 3 4 5 6 7 8 9 128 129 2047 2048] CeilSlide [2 2 0 0 1];
        [3 4 5 6 7 8 9 10 11 28 2047 2048] CeilSlide [3 2 0 0 1];
        [1 2 3 4 5 6 7 8 9 10 11 2048] CeilSlide [3 2 1 1 1];
        [1 2 3 4 5 6 7 8 9 10 11 2048] CeilSlide [2 3 1 1 1];
        [2 3 4 5 6 7 8 9 10 11 12 13 2048] CeilSlide [2 5 0 0 1];
        [3 4 5 6 7 8 9 10 11 12 13 2048] CeilSlide [2 4 1 0 3];
        [1 2 3 4 5 6 7 8 9 10 11 2048] CeilSlide [4 3 2 2 1];
        [5 6 7 8 9 10 11 12 13 2047] CeilSlide [3 3 0 0 2];
    }
}

#[test]
fn same_and_full_windows() {
    compare! { same_window:
        [1 2 3 4 63 64 65 1023 1024 1025 2047 2048] SameSlide [1];
        [1 2 3 4 63 64 65 1023 1024 1025 2047 2048] SameSlide [2];
        [1 2 3 4 5 6 7 8 9 10 2047 2048] SameSlide [3];
        [1 2 31 32 33 2048] SameSlide [32];
        [1 2047 2048] SameSlide [2048];
    }
    compare! { full_window:
        [1 2 3 62 63 64 65 2046 2048] FullSlide [1 1 1];
        [1 2 3 62 63 64 65 2045 2046] FullSlide [3 1 1];
        [1 2 3 4 5 6 7 8 2047 2048] FullSlide [3 2 1];
        [1 2 3 4 5 6 7 8 2000 2048] FullSlide [4 3 2];
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
    type Pool = Slide<2, 2, 0, 0, 1>;
    type Wide = Slide<5, 1, 0, 0, 1>;
    assert!(same::<<(usize, usize) as Through<Pool, Pool>>::Out, (usize, usize)>());
    assert!(same::<<(Const<9>, usize) as Through<Pool, Wide>>::Out, (Const<4>, usize)>());
    assert!(same::<<(usize, Const<9>) as Through<Pool, Wide>>::Out, (usize, Const<5>)>());
    assert!(same::<<(Const<9>, Const<9>) as Through<Pool, Wide>>::Out, (Const<4>, Const<5>)>());
    assert!(same::<<(usize,) as Through<Pool>>::Out, (usize,)>());
    assert!(same::<<(usize,) as Through<Slide<9999, 1, 0, 0, 1>>>::Out, (usize,)>());
}

#[test]
fn dimensions_that_meet() {
    assert!(same::<<() as Meets<()>>::Out, ()>());
    assert!(same::<<(usize,) as Meets<(Const<5>,)>>::Out, (Const<5>,)>());
    assert!(same::<<(Const<5>,) as Meets<(usize,)>>::Out, (Const<5>,)>());
    type Met = <(Const<5>, usize) as Meets<(Const<5>, usize)>>::Out;
    assert!(same::<Met, (Const<5>, usize)>());
}

/// What `net!` would write for networks with dimension variables.
mod networks {
    use std::marker::PhantomData;

    use shapewright::dims::{self, Maps, Meets, Slide, Spatial, Through, Times};
    use shapewright::prelude::*;

    /// `[64, H, W] -> [64, _, _]`: two convolutions beside one, added up.
    pub struct Block<const STRIDE: usize, E = f32, D = Cpu>(PhantomData<(E, D)>);

    impl<const STRIDE: usize, E, D, H: Dim, W: Dim, S1, S2, S3, S4> Maps<(H, W)> for Block<STRIDE, E, D>
    where
        (H, W): Through<Slide<3, STRIDE, 1, 1, 1>, Slide<3, STRIDE, 1, 1, 1>, Out = S1>,
        S1: Through<Slide<3, 1, 1, 1, 1>, Slide<3, 1, 1, 1, 1>, Out = S2>,
        (H, W): Through<Slide<1, STRIDE, 0, 0, 1>, Slide<1, STRIDE, 0, 0, 1>, Out = S3>,
        S2: Meets<S3, Out = S4>,
        S4: Spatial,
    {
        type Output = S4;
    }

    /// `[3, H, W] -> [10, _, _]`: a convolution, a block, a pool and that upsampled again.
    pub struct Fcn<E = f32, D = Cpu>(pub PhantomData<(E, D)>);

    impl<E, D, H: Dim, W: Dim, S1, S2, S3, S4, S5> Maps<(H, W)> for Fcn<E, D>
    where
        (H, W): Through<Slide<5, 1, 0, 0, 1>, Slide<5, 1, 0, 0, 1>, Out = S1>,
        Block<2, E, D>: Maps<S1, Output = S2>,
        S2: Through<Slide<2, 2, 0, 0, 1>, Slide<2, 2, 0, 0, 1>, Out = S3>,
        S3: Through<Times<2>, Times<2>, Out = S4>,
        S4: Meets<S2, Out = S5>,
        S5: Spatial,
    {
        type Output = S5;
    }

    impl<E: Dtype, D: Storage<E> + ZerosTensor<E>> Fcn<E, D> {
        #[allow(clippy::type_complexity)]
        pub fn forward<B: Dim, H: Dim, W: Dim, T>(
            &self,
            x: Tensor<(B, Const<3>, H, W), E, D, T>,
            sizes: &[usize],
        ) -> Tensor<dims::Batch<Self, (H, W), B, Const<10>>, E, D>
        where
            Self: Maps<(H, W)>,
        {
            let output = <Self as Maps<(H, W)>>::Output::of(sizes).expect("as declared");
            x.device().zeros_like(&output.batch(x.shape().0, Const::<10>))
        }
    }
}

#[test]
fn networks_have_types_for_their_outputs() {
    let dev = Cpu::default();
    let net = networks::Fcn::<f32, Cpu>(std::marker::PhantomData);
    let x: Tensor<Rank4<2, 3, 31, 39>, f32, _> = dev.zeros();
    let _: Tensor<Rank4<2, 10, 14, 18>, f32, _> = net.forward(x, &[14, 18]);
    let x = dev.zeros_like(&(2, Const::<3>, 31, Const::<39>));
    let y = net.forward(x, &[14, 18]);
    let _: &(usize, Const<10>, usize, Const<18>) = y.shape();
    assert_eq!(y.shape().concrete(), [2, 10, 14, 18]);
    assert_eq!(<(usize, Const<18>)>::of(&[14, 17]), None);
}
