//! Networks with dimension variables: one set of weights, any image size, outputs typed.

use crate::common::parameters::load;
use crate::common::{Reference, relative_error};
use shapewright::prelude::*;

net! {
    /// LeNet whose linear layers are convolutions.
    struct LeNetFullyConv: for<H, W> [3, H, W] -> [10, _, _] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        ReLU,
        MaxPool2d(2),
        fc1: Conv2d(120, kernel = 5),
        ReLU,
        fc2: Conv2d(84, kernel = 1),
        ReLU,
        fc3: Conv2d(10, kernel = 1),
    }

    struct Block<const IN: usize, const OUT: usize, const STRIDE: usize>:
        for<H, W> [IN, H, W] -> [OUT, _, _]
    {
        Residual {
            conv1: Conv2d(OUT, kernel = 3, stride = STRIDE, padding = 1),
            ReLU,
            conv2: Conv2d(OUT, kernel = 3, padding = 1),
        } shortcut {
            Conv2d(OUT, kernel = 1, stride = STRIDE),
        },
        ReLU,
    }

    struct Segmentation: for<H, W> [1, H, W] -> [2, H, W] {
        stem: Block<1, 8, 1>,
        Concat {
            {},
            { MaxPool2d(2), Block<8, 16, 1>, Upsample(scale = 2, mode = bilinear) },
        },
        head: Conv2d(2, kernel = 1),
    }

    struct Classifier: for<H, W> [3, H, W] -> [5] {
        Repeat<3> { Block<3, 3, 2> },
        AdaptiveAvgPool2d(2),
        Flatten,
        Linear(12 -> 5),
    }

    struct Filter: for<L> [2, L] -> [2, L] { Tanh, BatchNorm1d }
}

#[test]
fn a_fully_convolutional_lenet_gives_what_pytorch_gives() {
    let dev = AutoDevice::default();
    let reference = Reference::load();
    let case = reference.case("net_lenet_fcn");
    let mut net = dev.build_module::<LeNetFullyConv, f32>();
    load(&mut net, &reference, case.name("before"));
    let (_, x) = reference.tensor(&case.name("x"));
    let x = dev.tensor_from_vec(x, <Rank4<2, 3, 64, 64>>::default());
    let y: Tensor<Rank4<2, 10, 9, 9>, f32, _> = net.forward(x.clone());
    let error = relative_error(&y.as_vec(), &reference.tensor(&case.name("y_eval")).1);
    assert!(error <= 1e-4, "{error:e}");

    let open = x.realize::<(usize, Const<3>, usize, usize)>();
    let z: Tensor<(usize, Const<10>, usize, usize), f32, _> = net.forward(open);
    assert_eq!(z.shape().concrete(), [2, 10, 9, 9]);
    assert_eq!(y.as_vec(), z.as_vec());
}

#[test]
fn sizes_are_types() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<LeNetFullyConv, f32>();
    let y: Tensor<Rank4<4, 10, 1, 1>, f32, _> = net.forward(dev.zeros::<Rank4<4, 3, 32, 32>>());
    assert!(y.as_vec().iter().all(|v| v.is_finite()));
    let one: Tensor<Rank3<10, 1, 9>, f32, _> = net.forward_one(dev.zeros::<Rank3<3, 32, 64>>());
    assert_eq!(one.shape().concrete(), [10, 1, 9]);
    let half: Tensor<(Const<1>, Const<10>, usize, Const<9>), f32, _> =
        net.forward(dev.zeros_like(&(Const::<1>, Const::<3>, 40, Const::<64>)));
    assert_eq!(half.shape().2, 3);
    let module: Tensor<Rank4<1, 10, 1, 1>, f32, _> =
        Module::forward(&net, dev.zeros::<Rank4<1, 3, 35, 33>>());
    assert_eq!(module.as_vec().len(), 10);
}

#[test]
fn an_image_too_small_is_an_error_in_words() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<LeNetFullyConv, f32>();
    let x: Tensor<(usize, Const<3>, usize, usize), f32, _> = dev.zeros_like(&(1, Const, 16, 40));
    let error = net.try_forward(x).unwrap_err().to_string();
    let words = "`fc1`: the kernel of `conv2d` reaches over 5 rows, but its input has 1; the input is (1, 16, 1, 7)";
    assert_eq!(error, words);
}

#[test]
fn blocks_with_const_parameters() {
    let dev = AutoDevice::default();
    let block = dev.build_module::<Block<3, 4, 2>, f32>();
    let y: Tensor<Rank4<2, 4, 5, 8>, f32, _> = block.forward(dev.zeros::<Rank4<2, 3, 9, 16>>());
    assert_eq!(y.shape().concrete(), [2, 4, 5, 8]);
    assert_eq!(Block::<3, 4, 2>::PARAMETERS, 4 * 27 + 4 + 4 * 36 + 4 + 4 * 3 + 4);
    assert_eq!(block.num_trainable_params(), Block::<3, 4, 2>::PARAMETERS);
    assert_eq!(block.conv1.weight.shape().concrete(), [4, 3, 3, 3]);
    // What is written as an option is a `Const`.
    let bias: &Tensor<Rank1<4>, f32, AutoDevice> = block.conv1.bias().unwrap();
    let weight: &Tensor<(Const<4>, _, Const<3>, Const<3>), f32, AutoDevice> = &block.conv1.weight;
    assert_eq!((bias.array().len(), weight.as_vec().len()), (4, 108));
}

#[test]
fn branches_that_meet_for_even_sizes() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<Segmentation, f32>();
    let y: Tensor<Rank4<1, 2, 12, 20>, f32, _> = net.forward(dev.zeros::<Rank4<1, 1, 12, 20>>());
    assert_eq!(y.as_vec().len(), 2 * 12 * 20);
    let odd: Tensor<(usize, Const<1>, usize, usize), f32, _> = dev.zeros_like(&(1, Const, 13, 20));
    let error = net.try_forward(odd).unwrap_err().to_string();
    assert!(error.contains("(1, 8, 13, 20)") && error.contains("(1, 16, 12, 20)"), "{error}");

    let net = dev.build_module::<Classifier, f64>();
    let y: Tensor<Rank2<2, 5>, f64, _> = net.forward(dev.zeros::<Rank4<2, 3, 33, 47>>());
    assert_eq!(y.as_vec().len(), 10);
    let mut net = dev.build_module::<Filter, f32>();
    let y: Tensor<Rank3<2, 2, 40>, f32, _> = net.forward_mut(dev.zeros::<Rank3<2, 2, 40>>());
    assert_eq!(y.as_vec(), [0.0; 160]);
}

#[test]
fn the_summary_is_for_a_size() {
    let summary = LeNetFullyConv::summary(64, 64);
    assert_eq!(summary.rows.last().unwrap().output.dims(), [10, 9, 9]);
    assert_eq!(LeNetFullyConv::PARAMETERS, 62_006);
    assert!(LeNetFullyConv::summary(16, 16).rows.len() < summary.rows.len());
}
