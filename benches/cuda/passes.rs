//! A pass of a layer or a network, ready to run.

use rand_distr::StandardNormal;
use shapewright::Error;
use shapewright::prelude::*;

use super::layers::{Gradient, Layer};
use super::lenet::LeNet;
use super::network::ResNet18;
use super::timing::Run;
use super::training::Training;
use super::works::{Op, Work};

/// Makes what a pass takes, and gives the pass.
pub fn prepare(dev: &Cuda, work: &Work, pass: &str) -> Result<Box<Run>, Error> {
    let [batch, channels, height, width] = work.input;
    match work.op {
        Op::LeNet => {
            let mut net = dev.try_build_module::<LeNet, f32>().map_err(Error::device)?;
            let images = normal(dev, (batch, Const::<3>, Const::<32>, Const::<32>))?;
            match pass {
                "forward" => Ok(Box::new(move || net.try_forward(images.clone()).map(drop))),
                _ => {
                    let mut step = Training::<_, 10>::new(dev, &net, batch)?;
                    Ok(Box::new(move || {
                        let logits = net.try_forward_mut(images.clone().traced(step.grads()?))?;
                        step.finish(&mut net, logits)
                    }))
                }
            }
        }
        Op::ResNet18 => {
            let mut net = dev.try_build_module::<ResNet18<1000>, f32>().map_err(Error::device)?;
            let images = normal(dev, (batch, Const::<3>, height, width))?;
            match pass {
                "forward" => Ok(Box::new(move || net.try_forward(images.clone()).map(drop))),
                _ => {
                    let mut step = Training::<_, 1000>::new(dev, &net, batch)?;
                    Ok(Box::new(move || {
                        let logits = net.try_forward_mut(images.clone().traced(step.grads()?))?;
                        step.finish(&mut net, logits)
                    }))
                }
            }
        }
        _ => {
            let mut layer = Layer::new(dev, work)?;
            let x = normal(dev, (batch, channels, height, width))?;
            if pass == "forward" {
                return Ok(Box::new(move || layer.run(x.clone()).map(drop)));
            }
            let gradient = Gradient::new(dev, layer.run(x.clone())?)?;
            Ok(Box::new(move || gradient.back(layer.run(x.leaky_trace())?)))
        }
    }
}

pub fn normal<S: Shape>(dev: &Cuda, shape: S) -> Result<Tensor<S, f32, Cuda>, Error> {
    dev.try_sample_like(&shape, StandardNormal).map_err(Error::device)
}
