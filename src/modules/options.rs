//! Options that are illegal for any image, found by the compiler.

use crate::shape::{Layer, Mistake, Network, Path, Shape, Step, words};

/// The layer itself.
///
/// # Panics
///
/// If its options are illegal for any image; in const evaluation, so that it does not compile.
pub(super) const fn legal(layer: Layer) -> Layer {
    let Err(problem) = layer.check_options() else { return layer };
    let step = [Step::layer(layer)];
    let network = Network::layer(layer.name(), &step);
    let input = Shape::image(1, 1, 1);
    let mistake = Mistake { path: Path::to(0), start: input, input, problem };
    panic!("{}", words::headline(&network, &mistake).as_str())
}
