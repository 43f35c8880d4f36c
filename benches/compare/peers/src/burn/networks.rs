//! LeNet and ResNet-18 in burn.

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::optim::momentum::MomentumConfig;
use burn::optim::{GradientsParams, SgdConfig};
use burn::prelude::*;
use burn::tensor::activation::relu;
use burn::tensor::module::{adaptive_avg_pool2d, max_pool2d};
use burn::tensor::ops::MaxPoolOptions;

use super::{read, tensor};
use crate::rows::{Row, Work};

pub fn work(row: &Row, device: &Device) -> Result<Work, String> {
    let shape = row.size.image()?;
    let training = row.pass == "training_step";
    let device = if training { device.clone().autodiff() } else { device.clone() };
    let x = tensor(shape, 1, &device);
    let lenet = |net: &LeNet, x| net.forward(x);
    let resnet = |net: &ResNet18, x| net.forward(x);
    Ok(match (row.op.as_str(), training) {
        ("lenet", false) => forward(LeNet::new(&device), lenet, x),
        ("lenet", true) => training_step(LeNet::new(&device), lenet, x, 10),
        (_, false) => forward(ResNet18::new(&device), resnet, x),
        (_, true) => training_step(ResNet18::new(&device), resnet, x, 1000),
    })
}

fn forward<M: 'static>(net: M, run: fn(&M, Tensor<4>) -> Tensor<2>, x: Tensor<4>) -> Work {
    let mut work = crate::work(move || run(&net, x.clone()), read);
    // Every program has weights of its own.
    crate::unread(move || drop(work(false)))
}

/// Forward, cross entropy, backward, and SGD with momentum.
fn training_step<M: Module + 'static>(
    net: M,
    run: fn(&M, Tensor<4>) -> Tensor<2>,
    x: Tensor<4>,
    classes: usize,
) -> Work {
    let device = x.device();
    let labels: Vec<i64> = (0..x.dims()[0]).map(|i| (i % classes) as i64).collect();
    let labels = Tensor::<1, Int>::from_data(&labels[..], &device);
    let momentum = MomentumConfig::new().with_momentum(0.9).with_dampening(0.0);
    let mut sgd = SgdConfig::new().with_momentum(Some(momentum)).init();
    let loss = CrossEntropyLossConfig::new().init(&device);
    let mut net = Some(net);
    crate::unread(move || {
        let before = net.take().expect("the network of the step before");
        let gradients = loss.forward(run(&before, x.clone()), labels.clone()).backward();
        let gradients = GradientsParams::from_grads(gradients, &before);
        net = Some(sgd.step(1e-3, before, gradients));
    })
}

fn conv([inputs, outputs]: [usize; 2], [kernel, stride, padding]: [usize; 3]) -> Conv2dConfig {
    Conv2dConfig::new([inputs, outputs], [kernel; 2])
        .with_stride([stride; 2])
        .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
}

#[derive(Module, Debug)]
struct LeNet {
    conv1: Conv2d,
    conv2: Conv2d,
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
}

impl LeNet {
    fn new(device: &Device) -> Self {
        LeNet {
            conv1: conv([3, 6], [5, 1, 0]).init(device),
            conv2: conv([6, 16], [5, 1, 0]).init(device),
            fc1: LinearConfig::new(400, 120).init(device),
            fc2: LinearConfig::new(120, 84).init(device),
            fc3: LinearConfig::new(84, 10).init(device),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        let pool = || MaxPoolOptions::new([2; 2]);
        let x = max_pool2d(relu(self.conv1.forward(x)), pool());
        let x = max_pool2d(relu(self.conv2.forward(x)), pool());
        let x = relu(self.fc1.forward(x.flatten(1, 3)));
        self.fc3.forward(relu(self.fc2.forward(x)))
    }
}

/// A convolution and a batch normalisation.
#[derive(Module, Debug)]
struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

impl ConvNorm {
    fn new(channels: [usize; 2], window: [usize; 3], device: &Device) -> Self {
        ConvNorm {
            conv: conv(channels, window).with_bias(false).init(device),
            norm: BatchNormConfig::new(channels[1]).init(device),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.norm.forward(self.conv.forward(x))
    }
}

#[derive(Module, Debug)]
struct Block {
    first: ConvNorm,
    second: ConvNorm,
    shortcut: Option<ConvNorm>,
}

impl Block {
    fn new(inputs: usize, outputs: usize, stride: usize, device: &Device) -> Self {
        Block {
            first: ConvNorm::new([inputs, outputs], [3, stride, 1], device),
            second: ConvNorm::new([outputs; 2], [3, 1, 1], device),
            shortcut: (stride != 1)
                .then(|| ConvNorm::new([inputs, outputs], [1, stride, 0], device)),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let y = self.second.forward(relu(self.first.forward(x.clone())));
        relu(y + self.shortcut.as_ref().map_or(x.clone(), |shortcut| shortcut.forward(x)))
    }
}

#[derive(Module, Debug)]
struct ResNet18 {
    stem: ConvNorm,
    blocks: Vec<Block>,
    fc: Linear,
}

impl ResNet18 {
    fn new(device: &Device) -> Self {
        let stages = [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)];
        let stage = |(inputs, outputs, stride)| {
            [Block::new(inputs, outputs, stride, device), Block::new(outputs, outputs, 1, device)]
        };
        ResNet18 {
            stem: ConvNorm::new([3, 64], [7, 2, 3], device),
            blocks: stages.into_iter().flat_map(stage).collect(),
            fc: LinearConfig::new(512, 1000).init(device),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        let mut pool = MaxPoolOptions::new([3; 2]);
        (pool.stride, pool.padding) = ([2; 2], [(1, 1); 2]);
        let x = max_pool2d(relu(self.stem.forward(x)), pool);
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        self.fc.forward(adaptive_avg_pool2d(x, [1; 2]).flatten(1, 3))
    }
}
