//! A network's description: steps, blocks of steps, networks within networks.

use crate::{Claim, Layer};

/// A declared network, or a layer of the user's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network<'a> {
    /// Its name.
    pub name: &'a str,
    /// The shape of one input, without the batch; open where it varies.
    pub input: Claim,
    /// What the user says comes out.
    pub output: Claim,
    /// The steps in order.
    pub steps: &'a [Step<'a>],
    /// Trainable parameters beside those of the steps.
    pub own_parameters: usize,
    /// Whether a mistake in it has been reported where it is declared. Not so if it is generic:
    /// then it is checked where it is used.
    pub checked: bool,
}

/// One step of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<'a> {
    /// The name the user gave, or the empty string.
    pub name: &'a str,
    /// What it does.
    pub kind: StepKind<'a>,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StepKind<'a> {
    /// Runs a layer.
    Layer(Layer),
    /// Runs another network.
    Network(&'a Network<'a>),
    /// Changes nothing and claims that the shape is this: `=> [16, 5, 5]`.
    Checkpoint(Claim),
    /// Runs branches of further steps.
    Block(Block<'a>),
}

/// Branches of steps and how they come together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block<'a> {
    /// How they come together.
    pub join: Join,
    /// One for [`Join::Chain`], [`Join::Residual`] and [`Join::Repeat`].
    pub branches: &'a [&'a [Step<'a>]],
}

/// How the branches of a block come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// There is only one: `{ … }`.
    Chain,
    /// Its output is added to its input: `Residual { … }`.
    Residual,
    /// The second's output is added to the first's: `Residual { … } shortcut { … }`.
    Shortcut,
    /// The outputs lie behind each other along the channels: `Concat { { … }, { … } }`.
    Concat,
    /// The outputs are added: `Sum { { … }, { … } }`.
    Sum,
    /// Copies of the one branch, one after the other: `Repeat<3> { … }`.
    Repeat(usize),
}

impl<'a> Network<'a> {
    /// A network whose mistakes are reported where it is declared.
    pub const fn new(name: &'a str, input: Claim, output: Claim, steps: &'a [Step<'a>]) -> Self {
        Network { name, input, output, steps, own_parameters: 0, checked: true }
    }

    /// The same as a generic one, which is checked where it is used.
    #[must_use]
    pub const fn generic(self) -> Self {
        Network { checked: false, ..self }
    }

    /// A layer of the user's own that does to a shape what `steps` would do; none for a layer
    /// that keeps it. It takes every shape that these take.
    ///
    /// ```
    /// use shapewright_shape::{Network, Shape};
    ///
    /// const SCALE: Network = Network::layer("Scale", &[]).with_parameters(1);
    /// assert_eq!(SCALE.run(Shape::image(3, 8, 8)), Ok(Shape::image(3, 8, 8)));
    /// assert_eq!(SCALE.parameters(), 1);
    /// ```
    pub const fn layer(name: &'a str, steps: &'a [Step<'a>]) -> Self {
        Network::new(name, Claim::ANY, Claim::ANY, steps).generic()
    }

    /// The same with so many trainable parameters beside those of the steps.
    #[must_use]
    pub const fn with_parameters(self, own_parameters: usize) -> Self {
        Network { own_parameters, ..self }
    }
}

impl<'a> Step<'a> {
    /// A layer without a name.
    pub const fn layer(layer: Layer) -> Self {
        Step { name: "", kind: StepKind::Layer(layer) }
    }

    /// Branches without a name.
    pub const fn block(join: Join, branches: &'a [&'a [Step<'a>]]) -> Self {
        Step { name: "", kind: StepKind::Block(Block { join, branches }) }
    }

    /// The same with a name.
    #[must_use]
    pub const fn named(self, name: &'a str) -> Self {
        Step { name, ..self }
    }

    /// The number of steps in it, itself included. Steps are numbered in this order: a block,
    /// then the steps of its branches.
    pub const fn count(&self) -> usize {
        match self.kind {
            StepKind::Block(block) => {
                let (mut n, mut i) = (1, 0);
                while i < block.branches.len() {
                    n += count(block.branches[i]);
                    i += 1;
                }
                n
            }
            _ => 1,
        }
    }

    /// Whether the parameters of inner steps belong to the scope that this step is in, as those
    /// of blocks without a name do.
    pub const fn is_transparent(&self) -> bool {
        match self.kind {
            StepKind::Block(block) => {
                self.name.is_empty() && !matches!(block.join, Join::Repeat(_))
            }
            _ => false,
        }
    }

    /// How many numbers of its scope it takes: 1 for a layer, network or named block, 0 for a
    /// checkpoint. PyTorch numbers the layers of a sequence so.
    pub const fn slots(&self) -> usize {
        match self.kind {
            StepKind::Checkpoint(_) => 0,
            StepKind::Block(block) if self.is_transparent() => {
                let (mut n, mut i) = (0, 0);
                while i < block.branches.len() {
                    n += slots(block.branches[i]);
                    i += 1;
                }
                n
            }
            _ => 1,
        }
    }
}

impl<'a> StepKind<'a> {
    /// The name in the DSL: the layer's, the network's, the block's, or `=>`.
    pub const fn name(&self) -> &'a str {
        match self {
            StepKind::Layer(layer) => layer.name(),
            StepKind::Network(inner) => inner.name,
            StepKind::Checkpoint(_) => "=>",
            StepKind::Block(block) => block.join.name(),
        }
    }
}

impl<'a> Block<'a> {
    /// The number of times that each branch runs.
    pub const fn rounds(&self) -> usize {
        if let Join::Repeat(n) = self.join { n } else { 1 }
    }
}

impl Join {
    /// The name in the DSL.
    pub const fn name(self) -> &'static str {
        match self {
            Join::Chain => "{ … }",
            Join::Residual | Join::Shortcut => "Residual",
            Join::Concat => "Concat",
            Join::Sum => "Sum",
            Join::Repeat(_) => "Repeat",
        }
    }
}

/// The number of steps, those in blocks included.
pub(crate) const fn count(steps: &[Step]) -> usize {
    let (mut n, mut i) = (0, 0);
    while i < steps.len() {
        n += steps[i].count();
        i += 1;
    }
    n
}

/// The numbers of their scope that the steps take.
pub(crate) const fn slots(steps: &[Step]) -> usize {
    let (mut n, mut i) = (0, 0);
    while i < steps.len() {
        n += steps[i].slots();
        i += 1;
    }
    n
}
