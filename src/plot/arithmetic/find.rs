//! Steps of a network by their names.

use crate::shape::{Layer, Shape, Step, StepKind};

/// The layer with this name and what arrives at it; `layer1.conv` is in the block or network
/// `layer1`, in the first round of a `Repeat`.
pub fn step(steps: &[Step], input: Shape, name: &str) -> Option<(Layer, Shape)> {
    let mut x = input;
    for step in steps {
        let within = |name: &str| match step.kind {
            StepKind::Layer(layer) => name.is_empty().then_some((layer, x)),
            StepKind::Network(inner) => self::step(inner.steps, x, name),
            StepKind::Checkpoint(_) => None,
            StepKind::Block(block) => {
                block.branches.iter().find_map(|branch| self::step(branch, x, name))
            }
        };
        let found = if step.is_transparent() {
            within(name)
        } else if step.name.is_empty() {
            None
        } else {
            let rest = name.strip_prefix(step.name);
            rest.filter(|rest| rest.is_empty() || rest.starts_with('.'))
                .and_then(|rest| within(rest.trim_start_matches('.')))
        };
        if found.is_some() {
            return found;
        }
        x = step.output(x)?;
    }
    None
}
