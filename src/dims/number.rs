//! `Const<N>` to typenum's binary numbers and back.

use std::marker::PhantomData;
use std::ops::{Add, BitAnd, Mul, Shr};

use dfdx::shapes::Dim;
use typenum::consts::{U0, U6, U63, U64};
use typenum::{And, Prod, Shright, Sum};

use super::table::Row;

/// Where the sizes are found that the compiler computes with.
pub struct Table;

/// That the compiler can compute with size `N`, from 0 to 2111.
#[diagnostic::on_unimplemented(
    message = "a size of {N} is more than the compiler computes with: sizes in types go up to 2111",
    label = "too large for a size in a type",
    note = "a dimension of type `usize` instead of `Const` has no limit"
)]
pub trait Number<const N: usize> {
    /// The size in base 64.
    type Digits: Digits;
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

// With one implementation in sight, error messages do not list others.
impl Number<0> for usize {
    type Digits = Base64<U0, U0>;
}

/// `N` in base 2.
pub type Bits<const N: usize> = <<Table as Number<N>>::Digits as Digits>::Bits;

/// A number in base 2 that is a size: 0 to 2111.
#[diagnostic::on_unimplemented(
    message = "a layer here makes a size that is more than the compiler computes with: sizes in \
               types go up to 2111",
    label = "leads to a size that cannot be in a type",
    note = "dimensions of type `usize` instead of `Const` have no limit"
)]
pub trait ToConst {
    /// The number as a size.
    type Const: Dim;
}

#[diagnostic::do_not_recommend]
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
