//! Cross entropy of rows of logits and a class for each.

use super::Element;
use super::parallel::{pieces, pieces2};
use super::scratch::scratch;
use super::simd::{Isa, MAX_LANES, Op, Simd, dispatch};

/// Cost of an exponential in memory accesses.
const EXP: usize = 4;

/// What counts: the loss of a position is `-Σ_c q_c log p_c`, where `q` is `spread` and, for the
/// label's class, `on` besides.
pub struct Targets<E> {
    /// The classes; [`IGNORED`] for what does not count.
    pub labels: Vec<usize>,
    /// For each class.
    pub on: Vec<E>,
    /// For each class, or nothing.
    pub spread: Vec<E>,
}

/// The label of a position that does not count.
pub const IGNORED: usize = usize::MAX;

impl<E: Element> Targets<E> {
    /// The number of classes.
    fn classes(&self, logits: usize) -> usize {
        let classes = self.on.len();
        assert!(self.spread.is_empty() || self.spread.len() == classes);
        assert_eq!(logits, self.labels.len() * classes);
        classes
    }

    /// `Σ q` of a label.
    fn sum(&self, label: usize) -> E {
        self.spread.iter().fold(self.on[label], |sum, &q| sum + q)
    }

    /// The loss for each position, of rows of logits. `norms` takes the logarithm of `Σ exp x` in
    /// two parts, the largest logit and the rest.
    pub fn forward(&self, x: &[E], norms: &mut [[E; 2]], loss: &mut [E]) {
        let classes = self.classes(x.len());
        let isa = Isa::best();
        pieces2(x.len() * EXP, (norms, 1), (loss, 1), |i, norm, loss| {
            let label = self.labels[i];
            (norm[0], loss[0]) = ([E::zero(); 2], E::zero());
            if label == IGNORED {
                return;
            }
            let x = &x[i * classes..][..classes];
            scratch(classes, |exps| dispatch(isa, Norm { x, exps, norm: &mut norm[0] }));
            let [max, rest] = norm[0];
            let of = |q: E, x: E| q * (rest - (x - max));
            loss[0] = of(self.on[label], x[label]);
            for (&q, &x) in self.spread.iter().zip(x) {
                loss[0] += of(q, x);
            }
        });
    }

    /// Adds the gradient of `g · Σ loss`: `g · (softmax(x) · Σ q - q)`.
    pub fn backward(&self, x: &[E], norms: &[[E; 2]], g: E, gx: &mut [E]) {
        let classes = self.classes(x.len());
        assert_eq!(gx.len(), x.len());
        let isa = Isa::best();
        pieces(x.len() * EXP, gx, classes.max(1), |i, gx| {
            let label = self.labels[i];
            if label == IGNORED {
                return;
            }
            let x = &x[i * classes..][..classes];
            dispatch(isa, Softmax { x, norm: norms[i], factor: g * self.sum(label), gx: &mut *gx });
            for (gx, &q) in gx.iter_mut().zip(&self.spread) {
                *gx += -g * q;
            }
            gx[label] += -g * self.on[label];
        });
    }
}

/// `ln Σ exp x` of a row.
struct Norm<'a, E> {
    x: &'a [E],
    exps: &'a mut [E],
    norm: &'a mut [E; 2],
}

impl<E: Element> Op<E> for Norm<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let Norm { x, exps, norm } = self;
        let whole = x.len() / S::LANES * S::LANES;
        let mut max = s.splat(E::neg_infinity());
        for at in (0..whole).step_by(S::LANES) {
            // A NaN comes out of its exponential.
            max = s.max(s.get(x, at), max);
        }
        let larger = |max: E, &x: &E| if x > max { x } else { max };
        let max = x[whole..]
            .iter()
            .fold(lanes(s, max)[..S::LANES].iter().fold(E::neg_infinity(), larger), larger);
        for (e, &x) in exps.iter_mut().zip(x) {
            *e = (x - max).exp_of_negative();
        }
        let mut sum = s.zero();
        for at in (0..whole).step_by(S::LANES) {
            sum = s.add(sum, s.get(exps, at));
        }
        let sum = lanes(s, sum)[..S::LANES]
            .iter()
            .chain(&exps[whole..])
            .fold(E::zero(), |sum, &e| sum + e);
        *norm = [max, sum.ln()];
    }
}

/// The first `S::LANES` are those of the vector.
#[inline(always)]
fn lanes<S: Simd>(s: S, v: S::V) -> [S::E; MAX_LANES] {
    let mut all = [num_traits::Zero::zero(); MAX_LANES];
    // SAFETY: the array is as long as any vector.
    unsafe { s.store(all.as_mut_ptr(), v) };
    all
}

/// Adds `factor · softmax(x)`.
struct Softmax<'a, E> {
    x: &'a [E],
    norm: [E; 2],
    factor: E,
    gx: &'a mut [E],
}

impl<E: Element> Op<E> for Softmax<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, _: S) {
        let Softmax { x, norm: [max, rest], factor, gx } = self;
        for (gx, &x) in gx.iter_mut().zip(x) {
            *gx += factor * ((x - max) - rest).exp_of_negative();
        }
    }
}
