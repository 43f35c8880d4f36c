//! What is said of a shape.

use crate::Shape;

/// A claim about a shape: `[16, 5, 5]`, or `[16, _, _]` where some dimensions are left open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim {
    dims: [Option<usize>; 3],
    rank: usize,
}

impl Claim {
    /// Whatever shape it is, of any rank.
    pub const ANY: Claim = Claim { dims: [None; 3], rank: 0 };

    /// A claim of one to three dimensions; `None` for any other number.
    pub const fn from_dims(dims: &[Option<usize>]) -> Option<Self> {
        match *dims {
            [n] => Some(Claim::features(n)),
            [c, l] => Some(Claim::sequence(c, l)),
            [c, h, w] => Some(Claim::image(c, h, w)),
            _ => None,
        }
    }

    /// All dimensions of a shape.
    pub const fn exactly(shape: Shape) -> Self {
        let mut claim = Claim { dims: [None; 3], rank: shape.rank() };
        let mut i = 0;
        while i < shape.rank() {
            claim.dims[i] = Some(shape.dim(i));
            i += 1;
        }
        claim
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

    /// Whether every shape of some rank is as claimed.
    pub const fn is_any(&self) -> bool {
        self.rank == 0
    }

    /// Whether `shape` is as claimed. A number holds for no dimension that varies.
    pub const fn holds(&self, shape: &Shape) -> bool {
        let mut i = 0;
        while i < self.rank {
            if let Some(n) = self.dims[i]
                && (n != shape.dim(i) || shape.varies()[i])
            {
                return false;
            }
            i += 1;
        }
        self.is_any() || self.rank == shape.rank()
    }

    /// The shape with `n` for every open dimension, each of which varies.
    pub const fn with_open(&self, n: usize) -> Shape {
        let (mut dims, mut varies, mut i) = ([1; 3], [false; 3], 0);
        while i < self.rank {
            match self.dims[i] {
                Some(m) => dims[i] = m,
                None => (dims[i], varies[i]) = (n, true),
            }
            i += 1;
        }
        let shape = match self.rank {
            3 => Shape::image(dims[0], dims[1], dims[2]),
            2 => Shape::sequence(dims[0], dims[1]),
            _ => Shape::features(dims[0]),
        };
        shape.varying(varies)
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
