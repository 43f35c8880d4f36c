//! A limit that convolutions and pools share.

use shapewright_shape::{Placement, Problem};

use crate::error::{Dims, Error};

/// `Err` if the position of a tap, the padding's among them, could overflow a signed number.
pub(super) fn check_reach(
    op: &'static str,
    input: Dims,
    placements: [Placement; 2],
) -> Result<(), Error> {
    let fits = |size: usize, p: Placement| {
        let padded = size.checked_add(p.pad_lo).and_then(|n| n.checked_add(p.pad_hi));
        // With ceil_mode a window that starts inside may end beyond the padding.
        padded.is_some_and(|n| n <= isize::MAX as usize / 2)
    };
    if fits(input[2], placements[0]) && fits(input[3], placements[1]) {
        Ok(())
    } else {
        Err(Error::options(op, input, Problem::Overflow))
    }
}
