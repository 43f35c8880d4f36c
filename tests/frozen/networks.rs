//! Networks of all kinds of layers and blocks.

use std::thread;

use shapewright::dfdx::nn::ModuleMut;
use shapewright::prelude::*;

use super::assert_agree;

net! {
    struct LeNet: [3, 32, 32] -> [10] {
        Conv2d(6, kernel = 5), ReLU, MaxPool2d(2),
        Conv2d(16, kernel = 5), ReLU, MaxPool2d(2),
        Flatten, Linear(120), ReLU, Linear(84), ReLU, Linear(10),
    }

    struct ResNet: [3, 20, 20] -> [7] {
        Conv2d(16, kernel = 3, stride = 2, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        MaxPool2d(3, stride = 2, padding = 1),
        Repeat<2> {
            Residual {
                Conv2d(16, kernel = 3, padding = 1, bias = false), BatchNorm2d, ReLU,
                Conv2d(16, kernel = 3, padding = 1, bias = false), BatchNorm2d,
            },
            ReLU,
        },
        Residual {
            Conv2d(32, kernel = 3, stride = 2, padding = 1, bias = false), BatchNorm2d, ReLU,
            Conv2d(32, kernel = 3, padding = 1, bias = false), BatchNorm2d,
        } shortcut {
            Conv2d(32, kernel = 1, stride = 2, bias = false), BatchNorm2d,
        },
        ReLU,
        GlobalAvgPool2d,
        Linear(7, bias = false),
        BatchNorm1d,
        LogSoftmax,
    }

    /// Whatever has no part in the others, in an order that leaves some of it nothing to fold into.
    struct Mixed: [4, 12, 12] -> [6, 12, 12] {
        BatchNorm2d,
        ReLU,
        ConvTranspose2d(6, kernel = 4, stride = 2, padding = 1, groups = 2, bias = false),
        BatchNorm2d,
        LeakyReLU,
        GroupNorm(3),
        Concat {
            { AvgPool2d(2), BatchNorm2d },
            { MinPool2d(2), SiLU },
            { LpPool2d(2), ReLU, ReLU },
            { Conv2d(6, kernel = 2, stride = 2, groups = 3, bias = false), BatchNorm2d, ReLU },
        },
        Sum {
            { Conv2d(6, kernel = 1) },
            { Conv2d(6, kernel = 3, padding = 1), Tanh },
            { AdaptiveMaxPool2d(6), Upsample(scale = 2, mode = bilinear), Conv2d(6, kernel = 1) },
        },
        Residual { Residual { ReLU }, Conv2d(6, kernel = 3, padding = 1), ReLU },
        Residual { Conv2d(6, kernel = 3, padding = 1) },
        ZeroPad2d(1),
        AdaptiveAvgPool2d(12),
        Dropout,
    }

    struct Sequence: [3, 40] -> [5] {
        Conv1d(8, kernel = 5, bias = false), BatchNorm1d, ReLU, MaxPool1d(2), LayerNorm,
        Flatten, Linear(5), ReLU,
    }

    struct Nothing: [3] -> [3] {}

    struct Passed: [2, 4, 4] -> [32] { Flatten }

    struct Sigmoids: [3] -> [3] { Sigmoid }
}

/// Runs a few steps as in training, so that the running statistics are no longer 0 and 1.
macro_rules! trained {
    ($Net:ty, $dev:expr, ($($dim:expr),*)) => {{
        let mut net = $dev.build_module::<$Net, f32>();
        for _ in 0..3 {
            let x = $dev.sample_normal_like(&(8usize, $(Const::<$dim>),*));
            ModuleMut::forward_mut(&mut net, x);
        }
        net
    }};
}

macro_rules! agrees {
    ($($name:ident: $Net:ty, ($($dim:expr),*);)*) => {$(
        #[test]
        fn $name() {
            let dev = Cpu::seed_from_u64(1);
            let net = trained!($Net, dev, ($($dim),*));
            let engine = net.freeze().unwrap();
            for batch in [1, 2, 7, 64, 3, 2, 0] {
                let x = dev.sample_normal_like(&(batch, $(Const::<$dim>),*));
                if batch > 0 {
                    assert_agree(&net, &engine, x);
                } else {
                    assert_eq!(engine.forward(x).shape().concrete()[0], 0);
                }
            }
            let one = dev.sample_normal_like(&($(Const::<$dim>,)*));
            assert_agree(&net, &engine, one);
        }
    )*};
}

agrees! {
    lenet: LeNet, (3, 32, 32);
    resnet: ResNet, (3, 20, 20);
    mixed: Mixed, (4, 12, 12);
    sequence: Sequence, (3, 40);
    nothing: Nothing, (3);
    passed: Passed, (2, 4, 4);
    sigmoids: Sigmoids, (3);
}

#[test]
fn double_precision() {
    let dev = Cpu::seed_from_u64(2);
    let net = dev.build_module::<LeNet, f64>();
    let x: Tensor<Rank4<5, 3, 32, 32>, f64, _> = dev.sample_normal();
    let (expected, got) = (net.forward(x.clone()), net.freeze().unwrap().forward(x));
    assert!((expected - got).abs().max::<Rank0, _>().array() < 1e-12);
}

#[test]
fn other_orders_in_memory() {
    let dev = Cpu::seed_from_u64(3);
    let net = dev.build_module::<LeNet, f32>();
    let engine = net.freeze().unwrap();
    let last: Tensor<Rank4<4, 32, 32, 3>, f32, _> = dev.sample_normal();
    let x: Tensor<Rank4<4, 3, 32, 32>, f32, _> = last.permute::<_, Axes4<0, 3, 1, 2>>();
    assert_agree(&net, &engine, x);
    let one: Tensor<Rank3<3, 32, 32>, f32, _> = dev.sample_normal();
    assert_agree(&net, &engine, one.broadcast::<Rank4<4, 3, 32, 32>, _>());
}

#[test]
fn threads_share_one_and_the_network_goes_its_own_way() {
    let dev = Cpu::seed_from_u64(4);
    let mut net = dev.build_module::<LeNet, f32>();
    let engine = net.freeze().unwrap();
    let x: Tensor<Rank4<6, 3, 32, 32>, f32, _> = dev.sample_normal();
    let expected = net.forward(x.clone()).as_vec();
    net.reset_params();
    let x = x.as_vec();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let mut y = [0.0; 60];
                    engine.run(6, &x, &mut y).unwrap();
                    assert!(super::difference(&expected, &y) < 1e-5);
                }
            });
        }
    });
}

#[test]
fn the_same_from_run_to_run() {
    let dev = Cpu::seed_from_u64(5);
    let engine = dev.build_module::<ResNet, f32>().freeze().unwrap();
    let x: Tensor<Rank4<16, 3, 20, 20>, f32, _> = dev.sample_normal();
    let first = engine.forward(x.clone()).as_vec();
    for _ in 0..20 {
        assert_eq!(engine.forward(x.clone()).as_vec(), first);
    }
    assert_eq!(engine.clone().forward(x).as_vec(), first);
}

#[test]
fn a_nan_stays_in_its_image() {
    let dev = Cpu::seed_from_u64(6);
    let net = dev.build_module::<ResNet, f32>();
    let engine = net.freeze().unwrap();
    let x: Tensor<Rank4<4, 3, 20, 20>, f32, _> = dev.sample_normal();
    let mut broken = x.as_vec();
    broken[2 * 1200 + 500] = f32::NAN;
    let (mut y, mut expected) = (vec![0.0; 28], vec![0.0; 28]);
    engine.run(4, &x.as_vec(), &mut expected).unwrap();
    engine.run(4, &broken, &mut y).unwrap();
    for (i, (y, expected)) in y.iter().zip(&expected).enumerate() {
        if i / 7 == 2 {
            assert!(y.is_nan());
        } else {
            assert!((y - expected).abs() < 1e-5);
        }
    }
}
