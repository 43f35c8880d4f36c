//! Blocks, which hold further steps.

/// What the steps make of the input, plus the input: `Residual { … }`. With a second block,
/// `Residual { … } shortcut { … }`, the sum of both.
///
/// Both paths give one shape. ([He et al., 2015](https://arxiv.org/abs/1512.03385).)
///
/// ```
/// # use shapewright::prelude::*;
/// net! {
///     struct Block: [8, 4, 4] -> [16, 2, 2] {
///         Residual { Conv2d(16, kernel = 3, stride = 2, padding = 1) }
///             shortcut { Conv2d(16, kernel = 1, stride = 2) },
///     }
/// }
/// ```
#[non_exhaustive]
pub struct Residual {}

/// The branches' channels, one behind the other: `Concat { { … }, { … } }`. An empty branch passes
/// the input on.
///
/// `[C1, H, W]` and `[C2, H, W]` to `[C1 + C2, H, W]`, features `[F1]` and `[F2]` to `[F1 + F2]`.
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Skip: [3, 8, 8] -> [11, 8, 8] { Concat { {}, { Conv2d(8, kernel = 1) } } } }
/// ```
#[non_exhaustive]
pub struct Concat {}

/// The sum of what the branches give: `Sum { { … }, { … } }`. They give one shape.
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Two: [8] -> [4] { Sum { { Linear(4) }, { Linear(8), ReLU, Linear(4) } } } }
/// ```
#[non_exhaustive]
pub struct Sum {}

/// The steps so many times, each time with parameters of their own: `Repeat<3> { … }`.
///
/// ```
/// # use shapewright::prelude::*;
/// net! { struct Deep: [8] -> [8] { Repeat<3> { Linear(8), ReLU } } }
/// ```
#[non_exhaustive]
pub struct Repeat {}
