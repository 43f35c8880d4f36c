//! Modules outside `net!`: in dfdx's tuples, alone, against the same networks and the operations.

use crate::common::{Tape64, noise};
use shapewright::modules::*;
use shapewright::ops::{self, Backend, Erased};
use shapewright::prelude::*;
use shapewright::shape;
use shapewright::{FloatDtype, dfdx};

type LeNet = (
    (Conv2d<3, 6, 5>, ReLU, MaxPool2d<2>),
    (Conv2d<6, 16, 5>, ReLU, MaxPool2d<2>),
    Flatten,
    (Linear<400, 120>, ReLU, Linear<120, 84>, ReLU, Linear<84, 10>),
);

net! {
    struct Declared: [3, 32, 32] -> [10] {
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
}

/// The same elements under another type of shape.
fn set<A: Shape, B: Shape, E: Dtype>(
    to: &mut Tensor<A, E, AutoDevice>,
    from: &Tensor<B, E, AutoDevice>,
) {
    to.copy_from(&from.as_vec());
}

fn assert_near(name: &str, ours: &[f64], theirs: &[f64]) {
    assert_eq!(ours.len(), theirs.len(), "{name}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{name}: {a}, but {b}");
    }
}

#[test]
fn a_tuple_is_the_network_that_is_declared_so() {
    let dev = AutoDevice::default();
    let tuple = dev.build_module::<LeNet, f64>();
    let mut net = dev.build_module::<Declared, f64>();
    let (c1, c2) = (&tuple.0.0, &tuple.1.0);
    let (l1, l2, l3) = (&tuple.3.0, &tuple.3.2, &tuple.3.4);
    set(&mut net.conv1.weight, &c1.weight);
    set(net.conv1.bias_mut().unwrap(), &c1.bias);
    set(&mut net.conv2.weight, &c2.weight);
    set(net.conv2.bias_mut().unwrap(), &c2.bias);
    set(&mut net.fc1.weight, &l1.weight);
    set(net.fc1.bias_mut().unwrap(), &l1.bias);
    set(&mut net.fc2.weight, &l2.weight);
    set(net.fc2.bias_mut().unwrap(), &l2.bias);
    set(&mut net.fc3.weight, &l3.weight);
    set(net.fc3.bias_mut().unwrap(), &l3.bias);

    let x: Tensor<Rank4<2, 3, 32, 32>, f64, _> =
        dev.tensor_from_vec(noise(1, 2 * 3 * 32 * 32), Default::default());
    let y: Tensor<Rank2<2, 10>, f64, _, _> = tuple.forward(x.leaky_trace());
    let z = net.forward(x.leaky_trace());
    assert_near("output", &y.as_vec(), &z.as_vec());

    let gy: Tensor<Rank2<2, 10>, f64, _> = dev.tensor_from_vec(noise(2, 20), Default::default());
    let (ours, theirs) = ((y * gy.clone()).sum().backward(), (z * gy).sum().backward());
    let both = |name, a: Vec<f64>, b: Vec<f64>| assert_near(name, &a, &b);
    both("image", ours.get(&x).as_vec(), theirs.get(&x).as_vec());
    let conv1 = &net.conv1;
    both("conv1", ours.get(&c1.weight).as_vec(), theirs.get(&conv1.weight).as_vec());
    both("conv1", ours.get(&c1.bias).as_vec(), theirs.get(conv1.bias().unwrap()).as_vec());
    both("conv2", ours.get(&c2.weight).as_vec(), theirs.get(&net.conv2.weight).as_vec());
    both("fc1", ours.get(&l1.weight).as_vec(), theirs.get(&net.fc1.weight).as_vec());
    both("fc3", ours.get(&l3.bias).as_vec(), theirs.get(net.fc3.bias().unwrap()).as_vec());
}

#[test]
fn a_tuple_trains() {
    let dev = AutoDevice::seed_from_u64(1);
    let mut net = dev.build_module::<LeNet, f32>();
    let images: Tensor<Rank4<16, 3, 32, 32>, f32, _> = dev.sample_normal();
    let mut one_hot: Tensor<Rank2<16, 10>, f32, _> = dev.zeros();
    let labels: Vec<f32> = (0..160).map(|i| f32::from(i % 10 == i / 10 % 10)).collect();
    one_hot.copy_from(&labels);
    let mut adam = Adam::new(&net, AdamConfig { lr: 0.003, ..Default::default() });
    let mut grads = net.alloc_grads();
    let mut losses = vec![];
    for _ in 0..30 {
        let logits = net.forward_mut(images.clone().traced(grads));
        let loss = cross_entropy_with_logits_loss(logits, one_hot.clone());
        losses.push(loss.array());
        grads = loss.backward();
        adam.update(&mut net, &grads).unwrap();
        net.zero_grads(&mut grads);
    }
    assert!(losses[29] < 0.5 * losses[0], "{losses:?}");
}

#[test]
fn shapes_are_inferred() {
    let dev = AutoDevice::default();
    let batch: Tensor<Rank4<2, 4, 12, 10>, f32, _> = dev.sample_normal();
    let one: Tensor<Rank3<4, 12, 10>, f32, _> = dev.sample_normal();

    let conv = dev.build_module::<Conv2d<4, 6, 3, 2, 1>, f32>();
    let _: Tensor<Rank4<2, 6, 6, 5>, f32, _> = conv.forward(batch.clone());
    let _: Tensor<Rank3<6, 6, 5>, f32, _> = conv.forward(one.clone());
    let up = dev.build_module::<ConvTranspose2d<4, 6, 3, 2, 1, 1, 1, 1>, f32>();
    let _: Tensor<Rank4<2, 6, 24, 20>, f32, _> = up.forward(batch.clone());
    let _: Tensor<Rank4<2, 4, 6, 5>, f32, _> = MaxPool2d::<2>.forward(batch.clone());
    let _: Tensor<Rank4<2, 4, 12, 10>, f32, _> = MinPool2d::<3, 1, 1>.forward(batch.clone());
    let _: Tensor<Rank3<4, 5, 4>, f32, _> = AvgPool2d::<3, 2>.forward(one.clone());
    let _: Tensor<Rank4<2, 4, 3, 7>, f32, _> = AdaptiveAvgPool2d::<3, 7>.forward(batch.clone());
    let _: Tensor<Rank2<2, 4>, f32, _> = GlobalMaxPool2d.forward(batch.clone());
    let _: Tensor<Rank1<4>, f32, _> = GlobalAvgPool2d.forward(one.clone());
    let _: Tensor<Rank4<2, 4, 36, 20>, f32, _> = Upsample2d::<3, 2>.forward(batch.clone());
    let _: Tensor<Rank3<4, 24, 20>, f32, _> = UpsampleBilinear2d::<2>.forward(one.clone());
    let _: Tensor<Rank4<2, 4, 15, 17>, f32, _> = ZeroPad2d::<1, 2, 3, 4>.forward(batch.clone());
    let _: Tensor<Rank2<2, 480>, f32, _> = Flatten.forward(batch.clone());
    let _: Tensor<Rank1<480>, f32, _> = Flatten.forward(one);
    let norm = dev.build_module::<BatchNorm2d<4>, f32>();
    let _: Tensor<Rank4<2, 4, 12, 10>, f32, _> = norm.forward(batch.clone());

    // What is known stays known, beside what is not.
    let open = batch.realize::<(usize, Const<4>, usize, Const<10>)>();
    let y: Tensor<(usize, Const<6>, usize, Const<5>), f32, _> = conv.forward(open.clone());
    assert_eq!(y.shape().concrete(), [2, 6, 6, 5]);
    let y: Tensor<(usize, usize), f32, _> = Flatten.forward(open.clone());
    assert_eq!(y.shape().concrete(), [2, 480]);
    let y: Tensor<(usize, Const<4>), f32, _> = GlobalAvgPool2d.forward(open);
    assert_eq!(y.shape().concrete(), [2, 4]);
}

#[test]
fn features_beyond_the_table_are_known_too() {
    let dev = AutoDevice::default();
    let head = dev.build_module::<(Flatten, Linear<25088, 3>), f32>();
    let y: Tensor<Rank2<2, 3>, f32, _> = head.forward(dev.zeros::<Rank4<2, 512, 7, 7>>());
    assert_eq!(y.array(), [head.1.bias.array(); 2]);
    let most: Tensor<Rank2<1, 2048>, f32, _> = Flatten.forward(dev.zeros::<Rank4<1, 2048, 1, 1>>());
    assert_eq!(most.as_vec().len(), 2048);
    let more: Tensor<Rank3<2049, 1, 1>, f32, _> = dev.zeros();
    let more = Flatten.forward(more);
    assert_eq!(more.shape().concrete(), [2049]);
}

/// Output and gradient of the image, of a module and of an operation.
fn compare<S: Shape, O: Shape>(
    name: &str,
    x: &Tensor<S, f64, AutoDevice>,
    module: impl Fn(Tensor<S, f64, AutoDevice, Tape64>) -> Tensor<O, f64, AutoDevice, Tape64>,
    op: impl Fn(
        Erased<f64, AutoDevice, Tape64>,
    ) -> Result<Erased<f64, AutoDevice, Tape64>, shapewright::Error>,
) {
    let y = module(x.leaky_trace());
    let image = ops::erase(x.clone()).unwrap();
    let z = op(image.leaky_trace()).unwrap();
    assert_near(name, &y.as_vec(), &z.as_vec());
    let gy = noise(7, y.as_vec().len());
    let gz = x.device().tensor_from_vec(gy.clone(), *z.shape());
    let gy = x.device().tensor_from_vec(gy, *y.shape());
    let ours = (y * gy).sum().backward().get(x).as_vec();
    assert_near(name, &ours, &(z * gz).sum().backward().get(&image).as_vec());
}

#[test]
fn modules_are_their_operations() {
    let dev = AutoDevice::default();
    let x: Tensor<Rank4<2, 4, 9, 8>, f64, _> =
        dev.tensor_from_vec(noise(3, 2 * 4 * 9 * 8), Default::default());

    let conv = dev.build_module::<Conv2d<4, 6, 3, 2, 2, 2, 2>, f64>();
    let options = shape::Conv2d {
        stride: [2, 2],
        padding: shape::Padding::symmetric(2, 2),
        dilation: [2, 2],
        groups: 2,
        ..shape::Conv2d::new(6, [3, 3])
    };
    assert_eq!(conv.weight.shape().concrete(), [6, 2, 3, 3]);
    let op = |x| ops::conv2d(x, &conv.weight, Some(&conv.bias), &options);
    compare("Conv2d", &x, |x| conv.forward(x), op);

    let depthwise = dev.build_module::<UnbiasedConv2d<4, 8, 3, 1, 1, 1, 4>, f64>();
    let options = shape::Conv2d {
        padding: shape::Padding::symmetric(1, 1),
        groups: 4,
        bias: false,
        ..shape::Conv2d::new(8, [3, 3])
    };
    assert_eq!(depthwise.weight.shape().concrete(), [8, 1, 3, 3]);
    let none: Option<&Tensor<Rank1<8>, f64, AutoDevice>> = None;
    let op = |x| ops::conv2d(x, &depthwise.weight, none, &options);
    compare("UnbiasedConv2d", &x, |x| depthwise.forward(x), op);

    let up = dev.build_module::<ConvTranspose2d<4, 6, 3, 2, 1, 1, 2, 1>, f64>();
    let options = shape::ConvTranspose2d {
        stride: [2, 2],
        padding: shape::Padding::symmetric(1, 1),
        output_padding: [1, 1],
        groups: 2,
        ..shape::ConvTranspose2d::new(6, [3, 3])
    };
    assert_eq!(up.weight.shape().concrete(), [4, 3, 3, 3]);
    let op = |x| ops::conv_transpose2d(x, &up.weight, Some(&up.bias), &options);
    compare("ConvTranspose2d", &x, |x| up.forward(x), op);

    let up = dev.build_module::<UnbiasedConvTranspose2d<4, 3, 2>, f64>();
    let options = shape::ConvTranspose2d { bias: false, ..shape::ConvTranspose2d::new(3, [2, 2]) };
    let none: Option<&Tensor<Rank1<3>, f64, AutoDevice>> = None;
    let op = |x| ops::conv_transpose2d(x, &up.weight, none, &options);
    compare("UnbiasedConvTranspose2d", &x, |x| up.forward(x), op);

    let max = shape::Pool2d::max([2, 2]);
    compare("MaxPool2d", &x, |x| MaxPool2d::<2>.forward(x), |x| ops::pool2d(x, &max));
    let min = shape::Pool2d {
        kind: shape::PoolKind::Min,
        stride: [1, 1],
        padding: shape::Padding::symmetric(1, 1),
        dilation: [2, 2],
        ..shape::Pool2d::max([3, 3])
    };
    compare("MinPool2d", &x, |x| MinPool2d::<3, 1, 1, 2>.forward(x), |x| ops::pool2d(x, &min));
    let avg = shape::Pool2d {
        stride: [2, 2],
        padding: shape::Padding::symmetric(1, 1),
        ..shape::Pool2d::avg([3, 3])
    };
    compare("AvgPool2d", &x, |x| AvgPool2d::<3, 2, 1>.forward(x), |x| ops::pool2d(x, &avg));

    let adaptive =
        |kind, output| move |x| ops::adaptive_pool2d(x, &shape::AdaptivePool2d { kind, output });
    let (avg, max) = (shape::AdaptiveKind::Avg, shape::AdaptiveKind::Max);
    let name = "AdaptiveAvgPool2d";
    compare(name, &x, |x| AdaptiveAvgPool2d::<4, 3>.forward(x), adaptive(avg, Some([4, 3])));
    let name = "AdaptiveMaxPool2d";
    compare(name, &x, |x| AdaptiveMaxPool2d::<5>.forward(x), adaptive(max, Some([5, 5])));
    compare("GlobalAvgPool2d", &x, |x| GlobalAvgPool2d.forward(x), adaptive(avg, None));
    compare("GlobalMaxPool2d", &x, |x| GlobalMaxPool2d.forward(x), adaptive(max, None));

    let nearest = shape::Upsample::scale(2, 3);
    compare("Upsample2d", &x, |x| Upsample2d::<2, 3>.forward(x), |x| ops::upsample(x, &nearest));
    let mode = shape::UpsampleMode::Bilinear { align_corners: false };
    let bilinear = shape::Upsample { mode, ..shape::Upsample::scale(2, 2) };
    let module = |x| UpsampleBilinear2d::<2>.forward(x);
    compare("UpsampleBilinear2d", &x, module, |x| ops::upsample(x, &bilinear));

    let pad = shape::ZeroPad2d { padding: [[1, 2], [3, 0]] };
    compare("ZeroPad2d", &x, |x| ZeroPad2d::<1, 2, 3, 0>.forward(x), |x| ops::zero_pad2d(x, &pad));
    compare("Flatten", &x, |x| Flatten.forward(x), ops::flatten);

    let x: Tensor<Rank2<3, 5>, f64, _> = dev.tensor_from_vec(noise(4, 15), Default::default());
    let linear = dev.build_module::<Linear<5, 4>, f64>();
    let op = |x| ops::linear(x, &linear.weight, Some(&linear.bias), &shape::Linear::new(4));
    compare("Linear", &x, |x| linear.forward(x), op);
    let linear = dev.build_module::<UnbiasedLinear<5, 4>, f64>();
    let none: Option<&Tensor<Rank1<4>, f64, AutoDevice>> = None;
    let options = shape::Linear { bias: false, ..shape::Linear::new(4) };
    let op = |x| ops::linear(x, &linear.weight, none, &options);
    compare("UnbiasedLinear", &x, |x| linear.forward(x), op);
}

#[test]
fn batch_norm_keeps_statistics_in_training_only() {
    let dev = AutoDevice::default();
    let mut norm = dev.build_module::<BatchNorm2d<4>, f64>();
    let x: Tensor<Rank4<2, 4, 3, 3>, f64, _> =
        dev.tensor_from_vec(noise(5, 72), Default::default());
    let options = shape::Norm::new(shape::NormKind::Batch2d { momentum: 0.1 });

    let op = |x| {
        let running = [&norm.running_mean, &norm.running_var];
        ops::batch_norm(x, &norm.weight, &norm.bias, running, &options)
    };
    compare("evaluation", &x, |x| norm.forward(x), op);
    assert_eq!(norm.running_mean.array(), [0.0; 4]);

    let (mut mean, mut variance) = (norm.running_mean.clone(), norm.running_var.clone());
    let y = norm.forward_mut(x.clone());
    let x = ops::erase(x).unwrap();
    let running = [&mut mean, &mut variance];
    let z = ops::batch_norm_train(x, &norm.weight, &norm.bias, running, &options).unwrap();
    assert_near("training", &y.as_vec(), &z.as_vec());
    assert_ne!(mean.array(), [0.0; 4]);
    assert_eq!(norm.running_mean.array(), mean.array());
    assert_eq!(norm.running_var.array(), variance.array());
}

#[test]
fn initialised_as_in_pytorch() {
    let dev = AutoDevice::seed_from_u64(2);
    let within = |values: Vec<f32>, fan_in: f32| {
        let bound = 1.0 / fan_in.sqrt();
        let largest = values.iter().fold(0.0, |m: f32, v| m.max(v.abs()));
        assert!(largest <= bound && largest > 0.8 * bound, "{largest} of {bound}");
    };
    let conv = dev.build_module::<Conv2d<8, 64, 3, 1, 0, 1, 2>, f32>();
    within(conv.weight.as_vec(), 4.0 * 9.0);
    within(conv.bias.as_vec(), 4.0 * 9.0);
    let up = dev.build_module::<ConvTranspose2d<8, 64, 3, 1, 0, 1, 2>, f32>();
    within(up.weight.as_vec(), 32.0 * 9.0);
    within(up.bias.as_vec(), 32.0 * 9.0);
    let linear = dev.build_module::<Linear<100, 50>, f32>();
    within(linear.weight.as_vec(), 100.0);
    within(linear.bias.as_vec(), 100.0);
}

#[test]
fn saved_and_loaded_under_pytorchs_names() {
    type Net = (UnbiasedConv2d<1, 4, 3>, BatchNorm2d<4>, Conv2d<4, 2, 1>, GlobalAvgPool2d);
    let dev = AutoDevice::default();
    let mut net = dev.build_module::<Net, f32>();
    net.forward_mut(dev.sample_normal::<Rank4<2, 1, 8, 8>>());
    let path = std::env::temp_dir().join(format!("modules-{}.safetensors", std::process::id()));
    net.save_safetensors(&path).unwrap();

    let file = std::fs::read(&path).unwrap();
    let file = safetensors::SafeTensors::deserialize(&file).unwrap();
    let mut names = file.names();
    names.sort_unstable();
    let norm = ["1.bias", "1.running_mean", "1.running_var", "1.weight"];
    assert_eq!(names, [&["0.weight"][..], &norm, &["2.bias", "2.weight"]].concat());

    let mut other = dev.build_module::<Net, f64>();
    other.load_safetensors(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let x: Tensor<Rank3<1, 8, 8>, f32, _> = dev.sample_normal();
    let y: Tensor<Rank1<2>, f64, _> = other.forward(x.clone().to_dtype::<f64>());
    let z: Tensor<Rank1<2>, f32, _> = net.forward(x);
    for (a, b) in y.array().iter().zip(z.array()) {
        assert!((a - f64::from(b)).abs() < 1e-5, "{a} and {b}");
    }
    assert_eq!(net.num_trainable_params(), 4 * 9 + 2 * 4 + 4 * 2 + 2);
}

#[test]
fn what_only_the_running_program_sees_is_an_error() {
    let dev = AutoDevice::default();
    let conv = dev.build_module::<Conv2d<3, 6, 5>, f32>();
    let small: Tensor<(usize, Const<3>, usize, usize), f32, _> = dev.zeros_like(&(1, Const, 4, 9));
    let error = conv.try_forward(small.clone()).unwrap_err().to_string();
    let words = "the kernel of `conv2d` reaches over 5 rows, but its input has 4; the input is (1, 3, 4, 9)";
    assert_eq!(error, words);
    let error = Module::try_forward(&conv, small).unwrap_err();
    assert!(error.to_string().contains("WrongNumElements"), "{error}");

    let grey: Tensor<(usize, usize, usize), f32, _> = dev.zeros_like(&(1, 9, 9));
    assert!(conv.try_forward(grey).unwrap_err().to_string().contains("channels"));
    let empty: Tensor<(usize, usize, usize), f32, _> = dev.zeros_like(&(3, 0, 9));
    assert!(MaxPool2d::<2>.try_forward(empty.clone()).is_err());
    assert!(GlobalMaxPool2d.try_forward(empty.clone()).is_err());
    assert!(AdaptiveAvgPool2d::<2>.try_forward(empty.clone()).is_err());
    let up = dev.build_module::<UnbiasedConvTranspose2d<3, 1, 1, 1, 3>, f32>();
    assert!(up.try_forward(dev.zeros_like(&(Const::<3>, 4, 9))).is_err());

    // dfdx's tuples have room for the device's error.
    let net = dev.build_module::<LeNet, f32>();
    let x: Tensor<(usize, Const<3>, usize, usize), f32, _> = dev.zeros_like(&(1, Const, 36, 36));
    assert!(net.try_forward(x).is_err());
    // No images are fine, but dfdx runs nothing of its own on them on a GPU.
    if cfg!(feature = "cuda") {
        return;
    }
    let x: Tensor<(usize, Const<3>, usize, usize), f32, _> = dev.zeros_like(&(0, Const, 32, 32));
    let y: Tensor<(usize, Const<10>), f32, _> = net.forward(x);
    assert_eq!(y.shape().concrete(), [0, 10]);
}

/// Compiles for every device that has the operations, and for both number types.
#[test]
fn generic_over_number_and_device() {
    fn scores<E: FloatDtype, D: Backend<E>>(dev: &D) -> Vec<E> {
        let net = dev.build_module::<(Conv2d<1, 2, 3>, MaxPool2d<2>, Flatten, Linear<8, 2>), E>();
        let x: Tensor<Rank4<1, 1, 6, 6>, E, D> = dev.zeros();
        let y: Tensor<Rank2<1, 2>, E, D> = net.forward(x);
        y.as_vec()
    }
    assert_eq!(scores::<f32, _>(&AutoDevice::default()).len(), 2);
    assert_eq!(scores::<f64, _>(&AutoDevice::default()).len(), 2);
}

/// A network of `net!`, dfdx's own layers and modules, side by side.
#[test]
fn networks_and_dfdx_layers_in_one_tuple() {
    net! { struct Stem: for<H, W> [3, H, W] -> [8, _, _] { Conv2d(8, kernel = 3, padding = same) } }
    type Block = Residual<(UnbiasedConv2d<8, 8, 3, 1, 1>, BatchNorm2d<8>, ReLU)>;
    type Net = (Stem, Block, GlobalAvgPool2d, dfdx::nn::builders::Linear<8, 5>, Dropout);
    let dev = AutoDevice::default();
    let mut net = dev.build_module::<Net, f32>();
    let x: Tensor<Rank4<2, 3, 16, 16>, f32, _> = dev.sample_normal();
    let _: Tensor<Rank2<2, 5>, f32, _> = net.forward(x.clone());
    let grads = net.alloc_grads();
    let y: Tensor<Rank2<2, 5>, f32, _, _> = net.forward_mut(x.traced(grads));
    y.square().mean().backward();
}
