//! Pictures.

mod arithmetic;
mod diagram;
mod figures;
