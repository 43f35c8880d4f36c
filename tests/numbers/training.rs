//! Training parity with PyTorch: the same parameters, images and optimiser give the same logits,
//! the same five losses, and the same parameters after them.

use crate::common::parameters::{compare, load};
use crate::common::{Reference, relative_error};
use shapewright::prelude::*;

net! {
    struct LeNet: [3, 32, 32] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc1: Linear(400 -> 120),
        ReLU,
        fc2: Linear(120 -> 84),
        ReLU,
        fc3: Linear(84 -> 10),
    }

    struct ConvNet: [1, 28, 28] -> [10] {
        conv1: Conv2d(16, kernel = 3, padding = 1),
        MaxPool2d(2),
        conv2: Conv2d(32, kernel = 3),
        MaxPool2d(2, padding = 1),
        conv3: Conv2d(64, kernel = 1),
        conv4: Conv2d(4, kernel = 5),
        Flatten,
        linear1: Linear(36 -> 10),
    }
}

net! {
    struct BasicBlock<const C: usize>: for<H, W> [C, H, W] -> [C, _, _] {
        Residual {
            conv1: Conv2d(C, kernel = 3, padding = 1, bias = false),
            bn1: BatchNorm2d,
            ReLU,
            conv2: Conv2d(C, kernel = 3, padding = 1, bias = false),
            bn2: BatchNorm2d,
        },
        ReLU,
    }

    struct Downsample<const IN: usize, const OUT: usize>: for<H, W> [IN, H, W] -> [OUT, _, _] {
        Residual {
            conv1: Conv2d(OUT, kernel = 3, stride = 2, padding = 1, bias = false),
            bn1: BatchNorm2d,
            ReLU,
            conv2: Conv2d(OUT, kernel = 3, padding = 1, bias = false),
            bn2: BatchNorm2d,
        } shortcut {
            downsample: {
                Conv2d(OUT, kernel = 1, stride = 2, bias = false),
                BatchNorm2d,
            },
        },
        ReLU,
    }

    struct MiniResNet: [3, 32, 32] -> [10] {
        conv1: Conv2d(8, kernel = 7, stride = 2, padding = 3, bias = false),
        bn1: BatchNorm2d,
        ReLU,
        MaxPool2d(3, stride = 2, padding = 1),
        layer1: { BasicBlock<8>, BasicBlock<8> },
        layer2: { Downsample<8, 16>, BasicBlock<16> },
        GlobalAvgPool2d,
        fc: Linear(10),
    }
}

/// Five steps of SGD with momentum, as PyTorch did them.
fn parity<M, const C: usize, const S: usize>(name: &str)
where
    M: BuildOnDevice<AutoDevice, f32>,
    M::Built: for<'a> ModuleMut<
            Tensor<
                (usize, Const<C>, Const<S>, Const<S>),
                f32,
                AutoDevice,
                OwnedTape<f32, AutoDevice>,
            >,
            Output = Tensor<(usize, Const<10>), f32, AutoDevice, OwnedTape<f32, AutoDevice>>,
        > + Module<
            Tensor<(usize, Const<C>, Const<S>, Const<S>), f32, AutoDevice>,
            Output = Tensor<(usize, Const<10>), f32, AutoDevice>,
        >,
{
    let dev = AutoDevice::default();
    let reference = Reference::load();
    let case = reference.case(&format!("net_{name}"));
    let mut net = dev.build_module::<M, f32>();
    load(&mut net, &reference, case.name("before"));

    let (shape, x) = reference.tensor(&case.name("x"));
    let batch = shape[0];
    assert_eq!(shape, [batch, C, S, S]);
    let x = dev.tensor_from_vec(x, (batch, Const::<C>, Const::<S>, Const::<S>));
    let labels = reference.labels(&case.name("labels"));
    let mut one_hot = vec![0.0; batch * 10];
    for (row, &label) in labels.iter().enumerate() {
        one_hot[row * 10 + label] = 1.0;
    }
    let target = dev.tensor_from_vec(one_hot, (batch, Const::<10>));

    let logits = net.forward(x.clone()).as_vec();
    let error = relative_error(&logits, &reference.tensor(&case.name("y_eval")).1);
    assert!(error <= 1e-4, "logits differ by {error:e}");

    let momentum = Some(Momentum::Classic(0.9));
    let mut sgd = Sgd::new(&net, SgdConfig { lr: 0.05, momentum, weight_decay: None });
    let mut grads = net.alloc_grads();
    for expected in case.losses() {
        let logits = net.forward_mut(x.clone().traced(grads));
        let loss = cross_entropy_with_logits_loss(logits, target.clone());
        let got = f64::from(loss.array());
        assert!((got - expected).abs() <= 1e-4 * expected, "loss {got}, PyTorch's {expected}");
        grads = loss.backward();
        sgd.update(&mut net, &grads).unwrap();
        net.zero_grads(&mut grads);
    }

    let errors = compare(&mut net, &reference, case.name("after"));
    assert!(errors.len() >= 10);
    for (parameter, error) in errors {
        assert!(error <= 1e-4, "{parameter} differs by {error:e}");
    }
}

#[test]
fn lenet_trains_as_in_pytorch() {
    parity::<LeNet, 3, 32>("lenet");
}

#[test]
fn convnet_trains_as_in_pytorch() {
    parity::<ConvNet, 1, 28>("convnet");
}

#[test]
fn mini_resnet_trains_as_in_pytorch() {
    parity::<MiniResNet, 3, 32>("mini_resnet");
}
