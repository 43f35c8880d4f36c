//! A network's description, and the walk that yields every shape or the first mistake.

use crate::{Layer, Problem, Shape, Weight};

/// A claim about a shape: `[16, 5, 5]`, or `[16, _, _]` where some dimensions are left open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim {
    dims: [Option<usize>; 3],
    rank: usize,
}

impl Claim {
    /// A claim of one to three dimensions; `None` for any other number.
    pub const fn from_dims(dims: &[Option<usize>]) -> Option<Self> {
        match *dims {
            [n] => Some(Claim::features(n)),
            [c, l] => Some(Claim::sequence(c, l)),
            [c, h, w] => Some(Claim::image(c, h, w)),
            _ => None,
        }
    }

    /// `[features]`.
    pub const fn features(features: Option<usize>) -> Self {
        Claim { dims: [features, None, None], rank: 1 }
    }

    /// `[channels, length]`.
    pub const fn sequence(channels: Option<usize>, length: Option<usize>) -> Self {
        Claim { dims: [channels, length, None], rank: 2 }
    }

    /// `[channels, height, width]`.
    pub const fn image(
        channels: Option<usize>,
        height: Option<usize>,
        width: Option<usize>,
    ) -> Self {
        Claim { dims: [channels, height, width], rank: 3 }
    }

    /// The dimensions, `None` where any will do.
    pub const fn dims(&self) -> &[Option<usize>] {
        self.dims.split_at(self.rank).0
    }

    /// Whether `shape` is as claimed.
    pub const fn holds(&self, shape: &Shape) -> bool {
        let mut i = 0;
        while i < self.rank {
            if let Some(n) = self.dims[i]
                && n != shape.dim(i)
            {
                return false;
            }
            i += 1;
        }
        self.rank == shape.rank()
    }

    /// The shape, if every dimension is claimed.
    pub const fn shape(&self) -> Option<Shape> {
        match (self.rank, self.dims) {
            (1, [Some(n), ..]) => Some(Shape::features(n)),
            (2, [Some(c), Some(l), _]) => Some(Shape::sequence(c, l)),
            (3, [Some(c), Some(h), Some(w)]) => Some(Shape::image(c, h, w)),
            _ => None,
        }
    }
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
}

/// A declared network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network<'a> {
    /// Its name.
    pub name: &'a str,
    /// The shape of one image, without the batch.
    pub input: Shape,
    /// What the user says comes out.
    pub output: Claim,
    /// The steps in order.
    pub steps: &'a [Step<'a>],
}

/// A mistake and where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mistake {
    /// The index of the step; the number of steps if it is the declared output.
    pub step: usize,
    /// The shape that arrived there.
    pub input: Shape,
    /// What is wrong.
    pub problem: Problem,
}

impl StepKind<'_> {
    /// The shape after this step.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        match self {
            StepKind::Layer(layer) => layer.output(input),
            StepKind::Network(inner) if inner.input.same(&input) => Ok(inner.output_or_declared()),
            StepKind::Network(inner) => Err(Problem::Network { takes: inner.input, got: input }),
            StepKind::Checkpoint(claim) => expect(*claim, input),
        }
    }

    /// The number of trainable parameters.
    pub const fn parameters(&self, input: Shape) -> usize {
        match self {
            StepKind::Layer(layer) => match layer.parameters(input) {
                Some(n) => n,
                None => usize::MAX,
            },
            StepKind::Network(inner) => inner.parameters(),
            StepKind::Checkpoint(_) => 0,
        }
    }

    /// Multiply-adds for one input.
    pub const fn multiply_adds(&self, input: Shape, output: Shape) -> u64 {
        match self {
            StepKind::Layer(layer) => layer.multiply_adds(input, output),
            StepKind::Network(inner) => inner.multiply_adds(),
            StepKind::Checkpoint(_) => 0,
        }
    }

    /// The name in the DSL: the layer's, the network's, or `=>`.
    pub const fn name(&self) -> &str {
        match self {
            StepKind::Layer(layer) => layer.name(),
            StepKind::Network(inner) => inner.name,
            StepKind::Checkpoint(_) => "=>",
        }
    }
}

/// `got`, if it is what was claimed.
const fn expect(claim: Claim, got: Shape) -> Result<Shape, Problem> {
    if claim.holds(&got) { Ok(got) } else { Err(Problem::Expected { claim, got }) }
}

impl<'a> Network<'a> {
    /// The shape that arrives at step `i`, or the first mistake before it. At `steps.len()`,
    /// the output.
    pub const fn shape_at(&self, i: usize) -> Result<Shape, Mistake> {
        let mut x = self.input;
        let mut j = 0;
        while j < i {
            match self.steps[j].kind.output(x) {
                Ok(y) => x = y,
                Err(problem) => return Err(Mistake { step: j, input: x, problem }),
            }
            j += 1;
        }
        Ok(x)
    }

    /// The output, if no step and no claim is wrong; else the first mistake.
    pub const fn check(&self) -> Result<Shape, Mistake> {
        let input = self.input;
        if let Some(0) | None = input.numel() {
            return Err(Mistake { step: 0, input, problem: Problem::BadInput { input } });
        }
        let step = self.steps.len();
        let output = tri!(self.shape_at(step));
        match expect(self.output, output) {
            Ok(output) => Ok(output),
            Err(problem) => Err(Mistake { step, input: output, problem }),
        }
    }

    /// The same network on another input.
    pub const fn with_input(&self, input: Shape) -> Network<'a> {
        Network { name: self.name, input, output: self.output, steps: self.steps }
    }

    /// The output; after a mistake, which is reported elsewhere, what the user says it is.
    pub const fn output_or_declared(&self) -> Shape {
        match self.shape_at(self.steps.len()) {
            Ok(shape) if shape.rank() == self.output.rank => shape,
            _ => {
                let [a, b, c] = self.output.dims;
                match self.output.rank {
                    1 => Shape::features(or_1(a)),
                    2 => Shape::sequence(or_1(a), or_1(b)),
                    _ => Shape::image(or_1(a), or_1(b), or_1(c)),
                }
            }
        }
    }

    /// The shape after each of the `N` steps, up to a mistake.
    pub const fn shapes<const N: usize>(&self) -> [Shape; N] {
        let mut shapes = [self.input; N];
        let (mut x, mut i) = (self.input, 0);
        while i < N && i < self.steps.len() {
            if let Ok(y) = self.steps[i].kind.output(x) {
                x = y;
            }
            shapes[i] = x;
            i += 1;
        }
        shapes
    }

    /// Parameters of the whole network, up to the first mistake.
    pub const fn parameters(&self) -> usize {
        let (mut x, mut sum, mut i) = (self.input, 0usize, 0);
        while i < self.steps.len() {
            let kind = self.steps[i].kind;
            let Ok(y) = kind.output(x) else { return sum };
            sum = sum.saturating_add(kind.parameters(x));
            x = y;
            i += 1;
        }
        sum
    }

    /// Multiply-adds of the whole network for one image, up to the first mistake.
    pub const fn multiply_adds(&self) -> u64 {
        let (mut x, mut sum, mut i) = (self.input, 0u64, 0);
        while i < self.steps.len() {
            let kind = self.steps[i].kind;
            let Ok(y) = kind.output(x) else { return sum };
            sum = sum.saturating_add(kind.multiply_adds(x, y));
            x = y;
            i += 1;
        }
        sum
    }

    /// Dimension `axis` of the weight of the layer at step `i`.
    pub const fn weight(&self, i: usize, axis: usize) -> usize {
        match self.weight_and_bias(i) {
            Some(weight) if axis < weight.dims().len() => weight.dims()[axis],
            _ => 1,
        }
    }

    /// The length of the bias of the layer at step `i`.
    pub const fn bias(&self, i: usize) -> usize {
        match self.weight_and_bias(i) {
            Some(weight) => weight.bias,
            None => 1,
        }
    }

    const fn weight_and_bias(&self, i: usize) -> Option<Weight> {
        // A layer with a mistake, such as 0 groups, has no weight.
        match (self.steps[i].kind, self.shape_at(i), self.shape_at(i + 1)) {
            (StepKind::Layer(layer), Ok(x), Ok(_)) => Weight::of(&layer, x),
            _ => None,
        }
    }
}

/// The dimensions of a shape of `R` dimensions, as an array.
pub const fn dims<const R: usize>(shape: &Shape) -> [usize; R] {
    let mut dims = [1; R];
    let mut i = 0;
    while i < R && i < shape.rank() {
        dims[i] = shape.dim(i);
        i += 1;
    }
    dims
}

const fn or_1(n: Option<usize>) -> usize {
    match n {
        Some(n) => n,
        None => 1,
    }
}
