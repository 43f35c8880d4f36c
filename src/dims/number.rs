//! `Const<N>` to typenum's binary numbers and back.

use std::marker::PhantomData;
use std::ops::{Add, BitAnd, Mul, Shr};

use dfdx::shapes::{Const, Dim};
use typenum::consts::{U6, U63, U64};
use typenum::{And, Prod, Shright, Sum};

use super::table::Row;

/// A size that the compiler can compute with: `Const<0>` to `Const<2111>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is more than the largest size that the compiler computes with, 2111",
    label = "too large for a size in a type",
    note = "a dimension of type `usize` instead of `Const` has no such limit"
)]
pub trait Number: Dim {
    /// The size in base 64.
    type Digits: Digits;
}

/// Sizes that are known when the program runs.
impl Number for usize {
    type Digits = Unknown;
}

/// In place of the digits of a `usize`.
pub struct Unknown;

impl Digits for Unknown {
    type Bits = Unknown;
}

/// `64 · High + Low`
pub struct Base64<High, Low>(PhantomData<(High, Low)>);

/// A number of two digits.
pub trait Digits {
    /// The same number in base 2.
    type Bits;
}

impl<High, Low> Digits for Base64<High, Low>
where
    U64: Mul<High>,
    Prod<U64, High>: Add<Low>,
{
    type Bits = Sum<Prod<U64, High>, Low>;
}

/// `N` in base 2.
pub type Bits<const N: usize> = <<Const<N> as Number>::Digits as Digits>::Bits;

/// A number in base 2 that is a size: 0 to 2111.
pub trait ToConst {
    /// The number as a size.
    type Const: Dim;
}

impl<N> ToConst for N
where
    N: Shr<U6> + BitAnd<U63>,
    Shright<N, U6>: Row,
    And<N, U63>: Entry<Shright<N, U6>>,
{
    type Const = <And<N, U63> as Entry<Shright<N, U6>>>::Const;
}

/// A low digit, of which the row of a high digit has an entry.
pub trait Entry<High> {
    /// The size with these two digits.
    type Const: Dim;
}
