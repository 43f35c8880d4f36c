//! A step of training.

use shapewright::Error;
use shapewright::prelude::*;

type Traced<S> = Tensor<S, f32, Cuda, OwnedTape<f32, Cuda>>;

/// What goes on after the logits: cross entropy, gradients and SGD with momentum.
pub struct Training<M, const CLASSES: usize> {
    sgd: Sgd<M, f32, Cuda>,
    target: Tensor<(usize, Const<CLASSES>), f32, Cuda>,
    /// None after an error.
    grads: Option<Gradients<f32, Cuda>>,
}

impl<M: ZeroGrads<f32, Cuda>, const CLASSES: usize> Training<M, CLASSES> {
    pub fn new(dev: &Cuda, net: &M, batch: usize) -> Result<Self, Error> {
        let mut one_hot = vec![0.0; batch * CLASSES];
        (0..batch).for_each(|i| one_hot[i * CLASSES + i % CLASSES] = 1.0);
        let momentum = Some(Momentum::Classic(0.9));
        Ok(Training {
            sgd: Sgd::new(net, SgdConfig { lr: 1e-3, momentum, weight_decay: None }),
            target: dev.try_tensor_from_vec(one_hot, (batch, Const)).map_err(Error::device)?,
            grads: Some(net.try_alloc_grads().map_err(Error::device)?),
        })
    }

    pub fn grads(&mut self) -> Result<Gradients<f32, Cuda>, Error> {
        self.grads.take().ok_or_else(|| Error::Device("the step before failed".to_owned()))
    }

    pub fn finish(
        &mut self,
        net: &mut M,
        logits: Traced<(usize, Const<CLASSES>)>,
    ) -> Result<(), Error> {
        let mut computed = self.gradients(logits).map_err(Error::device)?;
        self.sgd.update(net, &computed).map_err(Error::device)?;
        net.try_zero_grads(&mut computed).map_err(Error::device)?;
        self.grads = Some(computed);
        Ok(())
    }

    /// As of dfdx's `cross_entropy_with_logits_loss`, which panics on errors.
    fn gradients(
        &self,
        logits: Traced<(usize, Const<CLASSES>)>,
    ) -> Result<Gradients<f32, Cuda>, CudaError> {
        let picked = logits.try_log_softmax::<Axis<1>>()?.try_mul(self.target.clone())?;
        let loss: Traced<Rank0> = picked.try_mean()?;
        loss.try_mul(-(CLASSES as f32))?.try_backward()
    }
}
