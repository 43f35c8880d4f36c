//! What a step of training has besides the network: the loss and the optimiser.

use shapewright::optim::{Optimizer, OptimizerConfig};
use shapewright::prelude::*;

use super::Found;
use super::networks::ResNet18;
use crate::rows::{Row, numbers};

pub fn cross_entropy_work(row: &Row) -> Found {
    let [batch, classes] = row.size.features()?;
    let dev = Cpu::default();
    let logits = dev.tensor_from_vec(numbers(batch * classes, 1), (batch, classes));
    let labels: Vec<usize> = (0..batch).map(|i| i % classes).collect();
    Ok(match row.pass.as_str() {
        "forward" => Some(Box::new(move |read| {
            let loss = cross_entropy(logits.clone(), &labels).expect("a loss");
            read.then(|| loss.as_vec())
        })),
        "forward_backward" => Some(Box::new(move |read| {
            let loss = cross_entropy(logits.leaky_trace(), &labels).expect("a loss");
            let gradients = loss.backward();
            read.then(|| gradients.get(&logits).as_vec())
        })),
        _ => None,
    })
}

/// One update of all parameters of ResNet-18, which are many and large.
pub fn optimizer_work(row: &Row) -> Found {
    match row.size.name.as_str() {
        "sgd_resnet18" => update(sgd()),
        "adam_resnet18" => update(AdamConfig::default()),
        _ => Ok(None),
    }
}

/// As most networks for images are trained.
pub fn sgd() -> SgdConfig {
    SgdConfig { lr: 1e-3, momentum: Some(Momentum::Classic(0.9)), weight_decay: None }
}

fn update<C: OptimizerConfig + 'static>(config: C) -> Found {
    let dev = Cpu::default();
    let mut net = dev.build_module::<ResNet18<1000>, f32>();
    let mut gradients = net.alloc_grads();
    let mut optimizer = Optimizer::new(config);
    Ok(Some(Box::new(move |_| {
        optimizer.update(&mut net, &mut gradients).expect("an update");
        None
    })))
}
