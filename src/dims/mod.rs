//! Arithmetic on sizes in types: what layers make of `Const<N>`, computed by the compiler.
//!
//! Networks with dimension variables, `net! { struct Fcn: for<H, W> [3, H, W] -> [10, _, _] {…} }`,
//! get the types of their outputs from here. The dimensions beside the channels are a tuple,
//! [`Spatial`]: `(H, W)` of an image, `(L,)` of a sequence, `()` of features. [`Through`] is what a
//! layer makes of them, [`Maps`] what a whole network does.
//!
//! A `Const<N>` is looked up in a table, computed with as typenum's binary number, and looked up
//! again; that ends at `Const<2111>`. A `usize` stays a `usize`, of any size. The rules are those
//! of [`crate::shape`], where their sources are; options that are illegal whatever the input
//! (a stride of zero) are checked there.
//!
//! ```
//! use shapewright::dims::{Through, Window};
//! use shapewright::prelude::*;
//!
//! type Pooled<H, W> = <(H, W) as Through<Window<2, 2, 0, 0, 1>, Window<2, 2, 0, 0, 1>>>::Out;
//! let half: Pooled<Const<28>, usize> = (Const::<14>, 20);
//! ```

mod equal;
mod number;
mod operation;
mod rules;
mod spatial;
mod table;
mod transposed;
mod window;
mod zoom;

pub use equal::{Equal, EqualDim};
pub use number::{Bits, Number, ToConst};
pub use operation::{Axis, Gives, Image, ImageGives, Through};
pub use spatial::{Batch, Maps, Single, Spatial};
pub use transposed::{FullTransposed, SameTransposed, Transposed};
pub use window::{AxisWindow, CeilWindow, FullWindow, ImageWindow, SameWindow, Window};
pub use zoom::{Pad, Times};
