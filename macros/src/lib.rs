//! The `net!` macro.
