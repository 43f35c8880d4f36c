//! Whole networks, through what programs call: forward passes, frozen ones, and training steps.

#[path = "../lenet/mod.rs"]
mod lenet;
#[path = "../../examples/resnet18/network.rs"]
mod resnet18;

use shapewright::Error;
use shapewright::dfdx::nn::tensor_collection::TensorCollection;
use shapewright::frozen::Frozen;
use shapewright::optim::Optimizer;
use shapewright::prelude::*;

use lenet::LeNet;
pub use resnet18::ResNet18;

use super::training::sgd;
use super::{Found, into_buffer};
use crate::rows::{Row, Work, numbers};

/// Images of a side that the compiler knows.
type Images<const SIDE: usize> = (usize, Const<3>, Const<SIDE>, Const<SIDE>);
type Traced<S> = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>;

pub fn work(row: &Row) -> Found {
    let dev = Cpu::default();
    let [batch, ..] = row.size.image()?;
    match row.op.as_str() {
        "lenet" => {
            let (net, x) = (dev.build_module::<LeNet, f32>(), images::<32>(&dev, batch));
            match row.pass.as_str() {
                "forward" => Ok(Some(forward(net, x))),
                "frozen" => frozen(net.freeze(), x, 10),
                "training_step" => Ok(Some(training_step(net, x))),
                _ => Ok(None),
            }
        }
        "resnet18" => {
            let (net, x) = (dev.build_module::<ResNet18<1000>, f32>(), images::<224>(&dev, batch));
            match row.pass.as_str() {
                "forward" => Ok(Some(forward(net, x))),
                "frozen" => frozen(net.freeze(224, 224), x, 1000),
                "training_step" => Ok(Some(training_step(net, x))),
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

fn images<const SIDE: usize>(dev: &Cpu, batch: usize) -> Tensor<Images<SIDE>, f32, Cpu> {
    dev.tensor_from_vec(numbers(batch * 3 * SIDE * SIDE, 1), (batch, Const, Const, Const))
}

fn forward<M, S: Shape, const CLASSES: usize>(net: M, x: Tensor<S, f32, Cpu>) -> Work
where
    M: Module<Tensor<S, f32, Cpu>, Output = Tensor<(usize, Const<CLASSES>), f32, Cpu>> + 'static,
{
    Box::new(move |read| {
        let logits = net.forward(x.clone());
        read.then(|| logits.as_vec())
    })
}

/// The inference engine, from slice to slice.
fn frozen<N: 'static, S: Shape>(
    engine: Result<Frozen<N>, Error>,
    x: Tensor<S, f32, Cpu>,
    classes: usize,
) -> Found {
    let engine = engine.map_err(|e| e.to_string())?;
    let (batch, x) = (x.shape().concrete()[0], x.as_vec());
    into_buffer(batch * classes, move |y| engine.run(batch, &x, y).expect("as long as that"))
}

/// Forward, cross entropy, backward, and SGD with momentum.
fn training_step<M, S: Shape, const CLASSES: usize>(mut net: M, x: Tensor<S, f32, Cpu>) -> Work
where
    M: ModuleMut<Traced<S>, Output = Traced<(usize, Const<CLASSES>)>>
        + ForwardData<f32, Cpu>
        + TensorCollection<f32, Cpu>
        + 'static,
{
    let labels: Vec<usize> = (0..x.shape().concrete()[0]).map(|i| i % CLASSES).collect();
    let mut optimizer = Optimizer::new(sgd());
    let mut gradients = Some(net.alloc_grads());
    Box::new(move |_| {
        let gradients_of_step = gradients.take().expect("the gradients of the step before");
        let logits = net.forward_data(x.clone(), gradients_of_step);
        let loss = cross_entropy(logits, &labels).expect("a loss");
        let mut computed = loss.backward();
        optimizer.update(&mut net, &mut computed).expect("an update");
        net.zero_grads(&mut computed);
        gradients = Some(computed);
        None
    })
}
