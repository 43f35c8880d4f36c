//! Every layer with every option, and sizes of every kind.

use shapewright::prelude::*;

const SIZE: usize = 20;
const KERNEL: usize = 3;

mod config {
    pub const CHANNELS: usize = 8;
    pub const SLOPE: f64 = 0.2;
    pub const BIAS: bool = false;
    pub const INIT: shapewright::init::Init = shapewright::init::Init::Constant(0.5);
}

net! {
    /// All literals.
    pub struct Literals: [4, 20, 24] -> [_, _, _] {
        Conv2d(8, kernel = 3),
        Conv2d(8 -> 8, kernel = (3, 5), stride = (1, 2), padding = (1, 2), dilation = (2, 1), groups = 4, bias = false),
        Conv2d(8, kernel = 2, padding = same),
        Conv2d(8, kernel = 2, padding = full),
        Conv2d(8, kernel = 3, padding = valid),
        #[allow(shapewright::padding_beyond_kernel)]
        Conv2d(8, kernel = 2, padding = ((1, 0), (0, 2))),
        MaxPool2d(2, stride = 1, padding = 1, dilation = 1, ceil_mode = true),
        MaxPool2d((3, 2), padding = same, stride = 1),
        AvgPool2d(kernel = 2, stride = (1, 2), padding = 1, ceil_mode = true, count_include_pad = false),
        ReLU, LeakyReLU, LeakyReLU(0.2), LeakyReLU(slope = 0.3), ELU, ELU(2), GELU, SiLU, Sigmoid, Tanh, Softplus,
        Softmax, LogSoftmax,
        Dropout(0.25), Dropout, Dropout(p = 0.1),
    }

    /// Constants and expressions, which the compiler evaluates.
    pub(crate) struct Constants: [{ config::CHANNELS / 2 }, SIZE, { SIZE + 4 }] -> [config::CHANNELS, _, _] {
        conv: Conv2d(config::CHANNELS, kernel = KERNEL, padding = { KERNEL / 2 }, bias = config::BIAS),
        LeakyReLU(config::SLOPE),
        pool: MaxPool2d(KERNEL, stride = (1, { 1 + 1 })),
        => [config::CHANNELS, { SIZE - KERNEL + 1 }, _],
    }

    struct NoParameters: [1, 4, 4] -> [1, 2, 2] { MaxPool2d(2) }

    struct Pools: [4, 20, 24] -> [4] {
        MinPool2d(3, stride = 1, padding = 1, dilation = 2, ceil_mode = true),
        LpPool2d(2, p = 3, stride = (1, 2), ceil_mode = true),
        LpPool2d((2, KERNEL), p = 1.5),
        AdaptiveAvgPool2d((8, 6)),
        AdaptiveMaxPool2d(KERNEL),
        => [4, 3, 3],
        AdaptiveMaxPool2d(size = (2, 1)),
        GlobalAvgPool2d,
    }

    struct Sizes: [4, 5, 6] -> [_] {
        Upsample(scale = 2),
        Upsample(scale = (1, KERNEL), mode = nearest),
        Upsample(size = (10, 12), mode = bilinear),
        Upsample(size = 8, mode = bilinear, align_corners = true),
        => [4, 8, 8],
        ZeroPad2d(1),
        ZeroPad2d((0, { KERNEL - 1 })),
        ZeroPad2d(padding = ((1, 0), (2, 3))),
        => [4, 11, 19],
        Dropout2d, Dropout2d(0.2), Dropout2d(p = 0.3),
        Reshape([11, 19, 4]),
        Reshape([{ 2 * 19 }, _]),
        Reshape([_]),
    }

    struct Weighted: [4, 5, 6] -> [_] {
        #[allow(shapewright::bias_before_norm)]
        up: ConvTranspose2d(8, kernel = 2, stride = 2),
        bn: BatchNorm2d,
        ConvTranspose2d(8 -> 6, kernel = (3, KERNEL), stride = (2, 1), padding = 1, output_padding = (1, 0), dilation = 1, groups = 2, bias = false),
        ConvTranspose2d(6, kernel = 3, stride = 2, padding = same),
        GroupNorm(3), GroupNorm(groups = 2, eps = 1e-3), GroupNorm({ KERNEL - 1 }),
        LayerNorm, LayerNorm(eps = 0.01),
        BatchNorm2d(eps = 1e-3, momentum = 0.2),
        MaxPool2d(2),
        Reshape([6, _]),
        BatchNorm1d,
        Flatten,
        BatchNorm1d(momentum = 0.5),
        ln: LayerNorm,
    }

    struct Empty: [5] -> [5] {}

    struct Sequence: [4, 16] -> [64] { ReLU, Flatten }

    struct Sequences: [4, 60] -> [_, _] {
        Conv1d(8, kernel = 3),
        conv: Conv1d(8 -> 6, kernel = KERNEL, stride = 2, padding = 1, dilation = 2, groups = 2, bias = false),
        Conv1d(6, kernel = 3, padding = (2, { KERNEL - 3 })),
        Conv1d(6, kernel = 4, padding = same),
        Conv1d(6, kernel = 2, padding = full),
        #[allow(shapewright::bias_before_norm)]
        Conv1d(6, kernel = 2, padding = valid),
        BatchNorm1d,
        => [6, 28],
        MaxPool1d(2, stride = 1, padding = (1, 0), dilation = 1, ceil_mode = true),
        MinPool1d(KERNEL, stride = 2),
        AvgPool1d(kernel = 2, stride = 1, padding = 1, ceil_mode = true, count_include_pad = false),
        LpPool1d(2, p = 3),
    }

    /// How weights start: words, constants and expressions.
    struct Started: [4, 6, 6] -> [_] {
        Conv2d(4, kernel = 3, init = pytorch),
        conv: Conv2d(4, kernel = 1, init = zeros),
        ConvTranspose2d(4, kernel = 1, bias = false, init = config::INIT),
        BatchNorm2d(init = ones),
        norm: BatchNorm2d(eps = 1e-3, momentum = 0.2, init = zeros),
        layer: LayerNorm(init = zeros),
        GroupNorm(2, init = zeros),
        Reshape([4, _]),
        BatchNorm1d(init = zeros),
        Conv1d(4, kernel = 1, init = Init::XAVIER_UNIFORM),
        Flatten,
        Linear(8, init = kaiming_uniform), ReLU,
        Linear(8, init = kaiming_normal), Tanh,
        Linear(8, init = xavier_uniform), Tanh,
        Linear(8, init = xavier_normal), Tanh,
        fc: Linear(2, init = { Init::Uniform { low: 1.0, high: 2.0 } }),
    }

    struct Raw: [4] -> [4] { r#loop: Linear(4) }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<Literals, f32>();
    let mut small = dev.build_module::<Constants, f64>();
    assert!(small.conv.bias().is_none());
    let x: Tensor<(usize, Const<4>, Const<20>, Const<24>), f64, _> =
        dev.sample_normal_like(&(2, Const, Const, Const));
    let y: Tensor<(usize, Const<8>, Const<18>, Const<11>), f64, _> = small.forward_mut(x);
    assert_eq!(y.shape().0, 2);
    let y = net.forward_one(dev.sample_normal::<Rank3<4, 20, 24>>());
    assert_eq!(HasShape::shape(&y).concrete(), Literals::OUTPUT);

    let net = dev.build_module::<NoParameters, f32>();
    let y: Tensor<Rank3<1, 2, 2>, f32, _> = net.forward_one(dev.ones::<Rank3<1, 4, 4>>());
    assert_eq!(y.array(), [[[1.0; 2]; 2]]);
    let net = dev.build_module::<Pools, f32>();
    assert_eq!(net.forward_one(dev.ones::<Rank3<4, 20, 24>>()).array().len(), 4);
    let net = dev.build_module::<Sizes, f32>();
    assert_eq!(net.forward_one(dev.ones::<Rank3<4, 5, 6>>()).array().len(), 4 * 11 * 19);
    let mut net = dev.build_module::<Weighted, f32>();
    net.bn.running_mean = dev.tensor([1.0; 8]);
    let x: Tensor<Rank4<2, 4, 5, 6>, f32, _> = dev.sample_normal();
    net.forward_mut(x.clone());
    assert_ne!(net.bn.running_mean.array(), [1.0; 8]);
    assert_eq!(net.up.weight.shape().concrete(), [4, 8, 2, 2]);
    assert_eq!(net.num_trainable_params(), Weighted::PARAMETERS);
    assert_eq!(net.forward(x.clone()).array(), net.forward(x).array());
    let net = dev.build_module::<Empty, f32>();
    assert_eq!(net.forward_one(dev.ones::<Rank1<5>>()).array(), [1.0; 5]);
    let net = dev.build_module::<Sequence, f32>();
    assert_eq!(net.forward(dev.ones::<Rank3<2, 4, 16>>()).array(), [[1.0; 64]; 2]);
    let net = dev.build_module::<Sequences, f32>();
    assert!(net.conv.bias().is_none());
    assert_eq!(net.conv.weight.shape().concrete(), [6, 4, 3]);
    let y: Tensor<Rank3<2, 6, 7>, f32, _> = net.forward(dev.ones::<Rank3<2, 4, 60>>());
    assert_eq!(y.shape().concrete()[1..], Sequences::OUTPUT);
    let net = dev.build_module::<Started, f32>();
    assert!(net.conv.weight.as_vec().iter().all(|w| *w == 0.0));
    assert_eq!(net._2.weight.array(), [[[[0.5]]; 4]; 4]);
    assert_eq!(net.norm.weight.array(), [0.0; 4]);
    assert_eq!(net.layer.weight.array(), [[[0.0; 4]; 4]; 4]);
    assert!(net.fc.weight.as_vec().iter().all(|w| (1.0..=2.0).contains(w)));
    assert!(net.fc.bias().unwrap().as_vec().iter().all(|b| b.abs() <= 0.36));
    assert_eq!(dev.build_module::<Raw, f32>().r#loop.weight.shape().concrete(), [4, 4]);
}
