//! Which device a program runs on: the `--device auto|cpu|cuda` of a command line.
//!
//! dfdx's devices are types, so a program that runs on any of them is a generic function, and
//! [`on_device!`](crate::on_device) calls it for the device that was chosen:
//!
//! ```
//! use shapewright::device::Choice;
//! use shapewright::ops::Backend;
//! use shapewright::prelude::*;
//!
//! net! {
//!     struct Net: [4] -> [2] { Linear(2) }
//! }
//!
//! fn run<D: Backend<f32>>(dev: D) -> Result<Vec<f32>, shapewright::Error> {
//!     let net = dev.build_module::<Net, f32>();
//!     let x: Tensor<Rank2<1, 4>, f32, D> = dev.zeros();
//!     Ok(net.try_forward(x)?.as_vec())
//! }
//!
//! let choice: Choice = "auto".parse()?;
//! let logits = shapewright::on_device!(choice.open(0)?, dev => run(dev))?;
//! assert_eq!(logits.len(), 2);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod choice;
#[cfg(feature = "cuda")]
mod cuda;
mod error;
#[cfg(not(feature = "cuda"))]
mod without_cuda;

use std::fmt;

use dfdx::tensor::Cpu;

pub use choice::Choice;
#[cfg(feature = "cuda")]
pub use cuda::open as open_cuda;
pub use error::OpenError;
pub(crate) use error::driver_words;
#[cfg(not(feature = "cuda"))]
#[doc(hidden)]
pub use without_cuda::Missing as Cuda;

/// A device that was chosen when the program ran. What it can be depends on the features, so match
/// it by [`on_device!`](crate::on_device).
#[derive(Clone, Debug)]
pub enum AnyDevice {
    /// The processor.
    Cpu(Cpu),
    /// An NVIDIA GPU. Only with the feature `cuda`.
    #[cfg(feature = "cuda")]
    Cuda(dfdx::tensor::Cuda),
}

impl fmt::Display for AnyDevice {
    /// `Cpu` or `Cuda`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AnyDevice::Cpu(_) => "Cpu",
            #[cfg(feature = "cuda")]
            AnyDevice::Cuda(_) => "Cuda",
        })
    }
}

/// `on_device!(any, dev => f(dev))` is `f` of the device in an
/// [`AnyDevice`](crate::device::AnyDevice), which `f` takes by its type. See
/// [`device`](crate::device).
#[cfg(not(feature = "cuda"))]
#[macro_export]
macro_rules! on_device {
    ($any:expr, $dev:ident => $run:expr) => {
        match $any {
            $crate::device::AnyDevice::Cpu($dev) => $run,
        }
    };
}

/// `on_device!(any, dev => f(dev))` is `f` of the device in an
/// [`AnyDevice`](crate::device::AnyDevice), which `f` takes by its type. See
/// [`device`](crate::device).
#[cfg(feature = "cuda")]
#[macro_export]
macro_rules! on_device {
    ($any:expr, $dev:ident => $run:expr) => {
        match $any {
            $crate::device::AnyDevice::Cpu($dev) => $run,
            $crate::device::AnyDevice::Cuda($dev) => $run,
        }
    };
}
