//! Convolutions whose weight is kept: what can be done once is done before the first image.

use super::choice::{Direct, convolve_directly};
use super::geometry::Geometry;
use super::weights::{Convolution, Operands, Weights};
use super::winograd::{self, Use};
use super::{Conv2dOp, End, winograd_rows};
use crate::kernels::Element;
use crate::kernels::scratch::Kept;
use crate::kernels::simd::Isa;
use std::sync::Arc;

/// A convolution whose weight no longer changes, planned for a number of images.
///
/// `y = clamp(y + conv(x, w) + b)`, with as much of that as its [`End`] says.
pub struct Prepared<E> {
    isa: Isa,
    /// For one image at least: there is nothing to plan for none.
    g: Geometry,
    batch: usize,
    /// The weight as it was, where another kernel may come to need it.
    plain: Option<Arc<Kept<E>>>,
    bias: Option<Arc<[E]>>,
    end: End<E>,
    kernel: Kernel<E>,
}

const PLAIN: &str = "kept where one of Winograd's algorithms fits";

/// A planned kernel and the weight as it wants it.
enum Kernel<E> {
    Winograd(winograd::Plan, Arc<Kept<E>>),
    WinogradRows(winograd_rows::Plan, Arc<Kept<E>>),
    Direct(Direct, Arc<Kept<E>>),
}

impl<E: Element> Prepared<E> {
    /// Plans `op` and packs or transforms the weight for the kernel that suits it.
    pub fn new(op: &Conv2dOp, weight: &[E], bias: Option<&[E]>, end: End<E>) -> Self {
        op.check(op.input_len(), weight.len(), op.output_len());
        assert!(bias.is_none_or(|bias| bias.len() == op.out_channels));
        let isa = Isa::best();
        let g = Geometry::new(&Conv2dOp { batch: op.batch.max(1), ..*op });
        let may_skip = winograd::fits(&g) || winograd_rows::fits(&g);
        let plain = may_skip.then(|| Arc::new(Kept::copy(weight)));
        let kernel = Kernel::new(isa, &g, weight);
        Prepared { isa, g, batch: op.batch, plain, bias: bias.map(Arc::from), end, kernel }
    }

    /// The same for another number of images. It shares the weight, unless another kernel suits
    /// that number.
    pub fn for_batch(&self, batch: usize) -> Self {
        let g = Geometry { batch: batch.max(1), ..self.g };
        let kernel = match (winograd::Plan::new::<E>(self.isa, &g, Use::Kept), &self.kernel) {
            (Some(plan), Kernel::Winograd(old, weight)) if plan.shares_weight(old) => {
                Kernel::Winograd(plan, weight.clone())
            }
            (None, Kernel::WinogradRows(old, weight)) => {
                Kernel::WinogradRows(old.for_batch::<E>(g.batch), weight.clone())
            }
            (None, Kernel::Direct(_, weight)) => {
                Kernel::Direct(Direct::new::<E>(self.isa, &g), weight.clone())
            }
            _ => Kernel::new(self.isa, &g, self.plain.as_deref().expect(PLAIN)),
        };
        let (plain, bias) = (self.plain.clone(), self.bias.clone());
        Prepared { g, batch, plain, bias, kernel, ..*self }
    }

    /// `y = clamp(y + conv(x, w) + b)`. Memory is that kept by the threads.
    pub fn run(&self, x: &[E], y: &mut [E]) {
        let g = &self.g;
        if self.batch == 0 {
            assert!(x.is_empty() && y.is_empty());
            return;
        }
        let (bias, end) = (self.bias.as_deref(), self.end);
        let operands = |weight| Operands { x, weight, bias, end };
        let other = |y: &mut [E]| {
            let plain = self.plain.as_deref().expect(PLAIN);
            let weight = &Weights::plain(g, plain);
            convolve_directly(self.isa, &Convolution { g, x, weight, bias, end }, y);
        };
        match &self.kernel {
            Kernel::Direct(plan, weight) => plan.run(operands(weight), y),
            Kernel::Winograd(plan, weight) => plan.run(operands(weight), y, other),
            Kernel::WinogradRows(plan, weight) => plan.run(operands(weight), y, other),
        }
    }
}

impl<E: Element> Kernel<E> {
    fn new(isa: Isa, g: &Geometry, weight: &[E]) -> Self {
        let weight = &Weights::plain(g, weight);
        if let Some(plan) = winograd::Plan::new::<E>(isa, g, Use::Kept) {
            let mut transformed = Kept::new(plan.weight_len());
            if plan.transform(weight, &mut transformed) {
                return Kernel::Winograd(plan, Arc::new(transformed));
            }
        }
        if let Some(plan) = winograd_rows::Plan::new::<E>(isa, g) {
            let mut transformed = Kept::new(plan.weight_len());
            if plan.transform(weight, &mut transformed) {
                return Kernel::WinogradRows(plan, Arc::new(transformed));
            }
        }
        let plan = Direct::new::<E>(isa, g);
        let mut arranged = Kept::new(plan.weight_len(g));
        plan.arrange(g, weight, &mut arranged);
        Kernel::Direct(plan, Arc::new(arranged))
    }
}
