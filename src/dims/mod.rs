//! Arithmetic on sizes in types: what layers make of `Const<N>`, computed by the compiler.
//!
//! Networks with dimension variables, `net! { struct Fcn: for<H, W> [3, H, W] -> [10, _, _] {…} }`,
//! get the types of their outputs from here. The dimensions beside the channels are a tuple,
//! [`Spatial`]: `(H, W)` of an image, `(L,)` of a sequence, `()` of features. [`Through`] is what a
//! layer makes of them, [`Maps`] what a whole network does; where branches meet, dimensions must be
//! the same ([`Meets`]).
//!
//! A `Const<N>` is looked up in a table, computed with as typenum's binary number, and looked up
//! again; that ends at `Const<2111>`. A `usize` stays a `usize`, of any size; where the two meet,
//! sizes are compared when the network runs. The rules are those of [`crate::shape`], where their
//! sources are; options that are illegal whatever the input (a stride of zero) are checked there.
//!
//! ```
//! use shapewright::dims::{Slide, Through};
//! use shapewright::prelude::*;
//!
//! type Pooled<H, W> = <(H, W) as Through<Slide<2, 2, 0, 0, 1>, Slide<2, 2, 0, 0, 1>>>::Out;
//! let half: Pooled<Const<28>, usize> = (Const::<14>, 20);
//! ```

mod meets;
mod number;
mod operation;
mod rules;
mod spatial;
mod table;
mod transposed;
mod window;
mod zoom;

pub use meets::{Meets, SameImage, SameSize};
pub use number::{Bits, Number, Table, ToConst};
pub use operation::{Gives, Image, ImageGives, OneAxis, Through};
pub use spatial::{Batch, Maps, Single, Spatial};
pub use transposed::{FullTransposed, SameTransposed, Transposed};
pub use window::{AxisWindow, CeilSlide, FullSlide, ImageWindow, SameSlide, Slide};
pub use zoom::{Pad, Times};
