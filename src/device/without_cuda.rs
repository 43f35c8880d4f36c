//! What `Cuda` is without the feature that has it: a type that says so where it is used.

/// The build of this crate.
pub struct ThisBuild;

/// What the feature `cuda` would give.
#[diagnostic::on_unimplemented(
    message = "`Cuda` needs the feature `cuda`, in Cargo.toml: \
               `shapewright = {{ version = \"0.1\", features = [\"cuda\"] }}`",
    label = "not without the feature `cuda`",
    note = "`AutoDevice` is the GPU with the feature, and the CPU without it"
)]
pub trait FeatureCuda {
    /// The device.
    type Device;
}

/// The device that there is with the feature `cuda`.
pub type Missing = <ThisBuild as FeatureCuda>::Device;
