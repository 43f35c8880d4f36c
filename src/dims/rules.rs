//! The rules along one axis, on typenum's numbers.

use std::ops::{Add, Div, Mul, Sub};

use typenum::{Add1, B1, Diff, Min, Minimum, Prod, Quot, Sub1, Sum};

/// What an operation makes of a size of `N` pixels.
pub trait Rule<N> {
    /// The size afterwards.
    type Out;
}

/// `lo + self + hi`
pub trait Padded<Lo, Hi> {
    type Out;
}

impl<N, Lo, Hi> Padded<Lo, Hi> for N
where
    N: Add<Lo>,
    Sum<N, Lo>: Add<Hi>,
{
    type Out = Sum<Sum<N, Lo>, Hi>;
}

/// `self · (kernel - 1)`: from the first to the last tap, with `self` between taps.
pub trait Reach<Kernel> {
    type Out;
}

impl<Dilation, Kernel> Reach<Kernel> for Dilation
where
    Kernel: Sub<B1>,
    Dilation: Mul<Sub1<Kernel>>,
{
    type Out = Prod<Dilation, Sub1<Kernel>>;
}

/// `self - reach - 1`: how far a window can move on a padded axis.
pub trait Room<Reach> {
    type Out;
}

impl<N, Reach> Room<Reach> for N
where
    N: Sub<Reach>,
    Diff<N, Reach>: Sub<B1>,
{
    type Out = Sub1<Diff<N, Reach>>;
}

/// `floor(self / stride) + 1`: windows in a room.
pub trait Steps<Stride> {
    type Out;
}

impl<Room, Stride> Steps<Stride> for Room
where
    Room: Div<Stride>,
    Quot<Room, Stride>: Add<B1>,
{
    type Out = Add1<Quot<Room, Stride>>;
}

/// `min(self + stride - 1, n + lo - 1)`: the room of a window that may reach over the end, but must
/// start inside the input or its left padding.
pub trait CeilRoom<Stride, N, Lo> {
    type Out;
}

impl<Room, Stride, N, Lo> CeilRoom<Stride, N, Lo> for Room
where
    Stride: Sub<B1>,
    Room: Add<Sub1<Stride>>,
    N: Add<Lo>,
    Sum<N, Lo>: Sub<B1>,
    Sum<Room, Sub1<Stride>>: Min<Sub1<Sum<N, Lo>>>,
{
    type Out = Minimum<Sum<Room, Sub1<Stride>>, Sub1<Sum<N, Lo>>>;
}

/// `(self - 1) · stride`: from the first to the last pixel when a transposed window paints.
pub trait Spread<Stride> {
    type Out;
}

impl<N, Stride> Spread<Stride> for N
where
    N: Sub<B1>,
    Sub1<N>: Mul<Stride>,
{
    type Out = Prod<Sub1<N>, Stride>;
}
