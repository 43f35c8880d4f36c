//! The shape of one image, sequence or feature vector: everything but the batch.

/// Up to three dimensions: `[channels, height, width]`, `[channels, length]` or `[features]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    dims: [usize; 3],
    rank: usize,
    varies: [bool; 3],
}

impl Shape {
    /// `[channels, height, width]`.
    pub const fn image(channels: usize, height: usize, width: usize) -> Self {
        Shape { dims: [channels, height, width], rank: 3, varies: [false; 3] }
    }

    /// `[channels, length]`.
    pub const fn sequence(channels: usize, length: usize) -> Self {
        Shape { dims: [channels, length, 1], rank: 2, varies: [false; 3] }
    }

    /// `[features]`.
    pub const fn features(features: usize) -> Self {
        Shape { dims: [features, 1, 1], rank: 1, varies: [false; 3] }
    }

    /// From one, two or three dimensions; `None` for any other number.
    pub const fn from_dims(dims: &[usize]) -> Option<Self> {
        match *dims {
            [n] => Some(Shape::features(n)),
            [c, l] => Some(Shape::sequence(c, l)),
            [c, h, w] => Some(Shape::image(c, h, w)),
            _ => None,
        }
    }

    /// The dimensions, 1 to 3 of them.
    pub const fn dims(&self) -> &[usize] {
        self.dims.split_at(self.rank).0
    }

    /// The number of dimensions.
    pub const fn rank(&self) -> usize {
        self.rank
    }

    /// The dimension at `axis`; 1 beyond the rank, as in the erased layout
    /// `(batch, channels, height, width)`, where features are `(batch, features, 1, 1)`.
    pub const fn dim(&self, axis: usize) -> usize {
        self.dims[axis]
    }

    /// The number of elements, `None` if that overflows `usize`.
    pub const fn numel(&self) -> Option<usize> {
        match self.dims[0].checked_mul(self.dims[1]) {
            Some(n) => n.checked_mul(self.dims[2]),
            None => None,
        }
    }

    /// Which dimensions are only an example, because a network takes inputs of any size there.
    pub const fn varies(&self) -> [bool; 3] {
        self.varies
    }

    /// Whether any dimension is only an example.
    pub const fn is_example(&self) -> bool {
        self.varies[0] || self.varies[1] || self.varies[2]
    }

    /// The same shape, with these dimensions as examples.
    pub const fn varying(self, varies: [bool; 3]) -> Self {
        Shape { varies, ..self }
    }

    /// The same with other channels, or features.
    pub const fn with_channels(self, channels: usize) -> Self {
        let [_, h, w] = self.dims;
        Shape { dims: [channels, h, w], ..self }
    }

    /// `==` for const evaluation, examples counting as the numbers they are.
    pub const fn same(&self, other: &Shape) -> bool {
        self.rank == other.rank
            && self.dims[0] == other.dims[0]
            && self.dims[1] == other.dims[1]
            && self.dims[2] == other.dims[2]
    }
}

impl core::fmt::Display for Shape {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:?}", self.dims())
    }
}
