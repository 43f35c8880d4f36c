//! What `net!` generates: forward passes in every form, names, initialisation, dfdx's traits.

use dfdx::nn::modules;
use shapewright::prelude::*;
use shapewright::shape::Shape as NetShape;

net! {
    struct LeNet: [3, 32, 32] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(6 -> 16, kernel = 5),
        ReLU,
        pool2: MaxPool2d(2),
        => [16, _, 5],
        Flatten,
        fc1: Linear(400 -> 120),
        ReLU,
        fc2: Linear(120 -> 84),
        ReLU,
        fc3: Linear(84 -> 10),
    }

    struct Unnamed: [2, 6, 6] -> [3] {
        Conv2d(4, kernel = 3, groups = 2, bias = false),
        ReLU,
        Flatten,
        Linear(3),
    }

    struct Noisy: [1000] -> [1000] { Dropout(0.25) }

    struct Signal: [2, 8] -> [16] { Tanh, Flatten }
}

type Batch<const N: usize> = Tensor<Rank4<N, 3, 32, 32>, f32, AutoDevice>;

fn close<S: Shape, U: Shape>(a: &Tensor<S, f32, AutoDevice>, b: &Tensor<U, f32, AutoDevice>) {
    let (a, b) = (a.as_vec(), b.as_vec());
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-5), "{a:?} {b:?}");
}

#[test]
fn every_form_of_forward_gives_the_same() {
    let dev = AutoDevice::default();
    let mut net = dev.build_module::<LeNet, f32>();
    let x: Batch<4> = dev.sample_normal();
    let y: Tensor<Rank2<4, 10>, f32, _> = net.forward(x.clone());

    let runtime = x.clone().realize::<(usize, Const<3>, Const<32>, Const<32>)>();
    let z: Tensor<(usize, Const<10>), f32, _> = net.try_forward(runtime).unwrap();
    assert_eq!(z.shape().0, 4);
    close(&y, &z);
    close(&y, &net.forward_mut(x.clone()));
    close(&y, &net.try_forward_mut(x.clone()).unwrap());
    close(&y, &Module::forward(&net, x.clone()));
    close(&y, &ModuleMut::forward_mut(&mut net, x.clone()));
    close(&y, &net.forward(x.leaky_trace()).split_tape().0);

    // One image after the other, without a batch.
    for i in 0..4 {
        let image: Tensor<Rank3<3, 32, 32>, f32, _> = x.clone().select(dev.tensor(i));
        let logits: Tensor<Rank1<10>, f32, _> = net.forward_one(image.clone());
        close(&y.clone().select(dev.tensor(i)), &logits);
        close(&logits, &net.try_forward_one(image.clone()).unwrap());
        close(&logits, &net.forward_one_mut(image.clone()));
        close(&logits, &Module::forward(&net, image.clone()));
        close(&logits, &ModuleMut::forward_mut(&mut net, image));
    }
}

#[test]
fn a_batch_of_none_is_fine() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<LeNet, f32>();
    let x: Tensor<(usize, Const<3>, Const<32>, Const<32>), f32, _> =
        dev.zeros_like(&(0, Const, Const, Const));
    assert_eq!(net.forward(x).shape().0, 0);
}

#[test]
fn f64_agrees_with_f32() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<LeNet, f32>();
    let wide = net.to_dtype::<f64>();
    let x: Batch<2> = dev.sample_normal();
    let y = wide.forward(x.clone().to_dtype::<f64>()).to_dtype::<f32>();
    close(&net.forward(x), &y);
}

#[test]
fn sequences_are_channels_and_length() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<Signal, f32>();
    let x: Tensor<Rank3<3, 2, 8>, f32, _> = dev.sample_normal();
    close(&net.forward(x.clone()), &x.tanh());
}

#[test]
fn the_constants_are_those_of_the_declaration() {
    assert_eq!(LeNet::INPUT, [3, 32, 32]);
    assert_eq!(LeNet::OUTPUT, [10]);
    assert_eq!(LeNet::SHAPES.len(), 13);
    assert_eq!(LeNet::SHAPES[3], NetShape::image(16, 10, 10));
    assert_eq!(LeNet::PARAMETERS, 62_006);
    assert_eq!(LeNet::MULTIPLY_ADDS, 352_800 + 240_000 + 48_000 + 10_080 + 840);
    assert_eq!(Unnamed::PARAMETERS, 4 * 9 + 64 * 3 + 3);
    let net = AutoDevice::default().build_module::<Unnamed, f32>();
    assert_eq!(net.num_trainable_params(), Unnamed::PARAMETERS);
}

#[test]
fn the_summary_is_a_table() {
    let expected = "\
Unnamed: [2, 6, 6] -> [3]
name  layer                                              output     parameters  multiply-adds  receptive field
──────────────────────────────────────────────────────────────────────────────────────────────────────────────
      Conv2d(2 -> 4, kernel = 3, groups = 2, bias = false)  [4, 4, 4]          36            576            3 × 3
      ReLU                                               [4, 4, 4]           -              -            3 × 3";
    let summary = Unnamed::summary().with_batch(8).to_string();
    for line in expected.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        let found = summary.lines().any(|l| l.split_whitespace().collect::<Vec<_>>() == words);
        // The rule is as long as the table is wide.
        assert!(found || line.starts_with('─'), "{line}\n{summary}");
    }
    assert!(summary.contains("total"), "{summary}");
    // (72 + 2·64 + 64 + 3) · 8 · 4 bytes
    assert!(summary.ends_with("activations 8.3 KiB for a batch of 8 (f32)"), "{summary}");
}

#[test]
fn unnamed_layers_are_numbered_as_in_pytorch() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<Unnamed, f32>();
    let file = std::env::temp_dir().join(format!("unnamed-{}.safetensors", std::process::id()));
    net.save_safetensors(&file).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let mut names = tensors.names();
    names.sort();
    assert_eq!(names, ["0.weight", "3.bias", "3.weight"]);
    assert_eq!(tensors.tensor("0.weight").unwrap().shape(), [4, 1, 3, 3]);
    assert!(net._0.bias().is_none());
    assert_eq!(net._3.weight.shape().concrete(), [3, 64]);
}

#[test]
fn initialisation_is_pytorchs_and_follows_the_seed() {
    let build = |seed| AutoDevice::seed_from_u64(seed).build_module::<LeNet, f32>();
    let net = build(1);
    let within = |values: Vec<f32>, fan_in: f32| {
        let bound = 1.0 / fan_in.sqrt();
        let most = values.iter().fold(0.0, |m: f32, v| m.max(v.abs()));
        // Uniform: the largest of many is near the bound.
        assert!(most <= bound && (values.len() < 100 || most > 0.9 * bound), "{most} {bound}");
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        assert!(values.len() < 1000 || mean.abs() < 0.1 * bound);
    };
    within(net.conv1.weight.as_vec(), 75.0);
    within(net.conv1.bias().unwrap().as_vec(), 75.0);
    within(net.conv2.weight.as_vec(), 150.0);
    within(net.fc1.weight.as_vec(), 400.0);
    within(net.fc1.bias().unwrap().as_vec(), 400.0);
    assert_eq!(net.fc1.weight.as_vec(), build(1).fc1.weight.as_vec());
    assert_ne!(net.fc1.weight.as_vec(), build(2).fc1.weight.as_vec());
    let mut again = net.clone();
    again.reset_params();
    assert_ne!(net.fc1.weight.as_vec(), again.fc1.weight.as_vec());
}

#[test]
fn dropout_is_for_training() {
    let dev = AutoDevice::seed_from_u64(3);
    let mut net = dev.build_module::<Noisy, f32>();
    let x: Tensor<Rank1<1000>, f32, _> = dev.ones();
    assert_eq!(net.forward_one(x.clone()).array(), [1.0; 1000]);
    let y = net.forward_one_mut(x).array();
    let zeros = y.iter().filter(|v| **v == 0.0).count();
    assert!((200..300).contains(&zeros), "{zeros}");
    assert!(y.iter().all(|v| *v == 0.0 || (v - 1.0 / 0.75).abs() < 1e-6));
}

#[test]
fn networks_fit_into_dfdx() {
    let dev = AutoDevice::default();
    // A tuple of a network and dfdx's own layers is one module.
    type Model = (LeNet, (dfdx::nn::builders::Linear<10, 2>, dfdx::nn::builders::Softmax));
    let mut model = dev.build_module::<Model, f32>();
    let x: Batch<3> = dev.sample_normal();
    let y: Tensor<Rank2<3, 2>, f32, _> = model.forward(x.clone());
    assert!(y.array().iter().all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-5));

    // Its optimisers and averages work on it.
    let before = model.clone();
    let mut average = model.clone();
    let mut adam = Adam::new(&model, AdamConfig::default());
    let grads = model.forward_mut(x.traced(model.alloc_grads())).square().mean().backward();
    adam.update(&mut model, &grads).unwrap();
    average.ema(&model, 0.5);
    let (a, b, c) = (&before.0.fc3.weight, &model.0.fc3.weight, &average.0.fc3.weight);
    assert_ne!(a.as_vec(), b.as_vec());
    close(&((a.clone() + b.clone()) * 0.5), c);
    let _: &modules::Linear<10, 2, f32, AutoDevice> = &model.1.0;
}

#[test]
fn unused_parameters_are_reported() {
    let dev = AutoDevice::default();
    let mut net = dev.build_module::<LeNet, f32>();
    let x: Tensor<Rank1<3>, f32, _> = dev.ones();
    let grads = x.leaky_trace().sum().backward();
    let mut sgd = Sgd::new(&net, SgdConfig::default());
    assert!(matches!(sgd.update(&mut net, &grads), Err(OptimizerUpdateError::UnusedParams(_))));
}

net! {
    /// A layer of each kind that changes the receptive field.
    struct Decoder: [2, 8, 8] -> [4] {
        LpPool2d(2, p = 3, stride = 1),
        AdaptiveMaxPool2d((3, 7)),
        Upsample(size = (6, 14), mode = bilinear, align_corners = true),
        #[allow(shapewright::bias_before_norm)]
        up: ConvTranspose2d(4, kernel = 3, stride = 2, padding = 1, output_padding = 1),
        bn: BatchNorm2d(momentum = 0.2),
        ZeroPad2d(((0, 1), (2, 0))),
        Dropout2d(0.25),
        GroupNorm(2, eps = 0.001),
        GlobalAvgPool2d,
        Reshape([2, _]),
        BatchNorm1d,
        Flatten,
    }
}

#[test]
fn the_summary_writes_layers_as_declared() {
    let rows = Decoder::summary().rows;
    let found: Vec<_> = rows.iter().map(|row| (row.layer.as_str(), row.receptive_field)).collect();
    let field = |h, w| Some([h, w]);
    let expected = [
        ("LpPool2d(2, p = 3, stride = 1)", field(2, 2)),
        // The largest of 3 bins on 7 rows has 3 of them.
        ("AdaptiveMaxPool2d((3, 7))", field(4, 2)),
        // One more of rows that are 7 / 3 apart.
        ("Upsample(size = (6, 14), mode = bilinear, align_corners = true)", field(7, 3)),
        // One more that are 7 / 6 and 1 / 2 apart.
        (
            "ConvTranspose2d(2 -> 4, kernel = 3, stride = 2, padding = 1, output_padding = 1)",
            field(8, 4),
        ),
        ("BatchNorm2d(momentum = 0.2)", field(8, 4)),
        ("ZeroPad2d(((0, 1), (2, 0)))", field(8, 4)),
        ("Dropout2d(0.25)", field(8, 4)),
        ("GroupNorm(2, eps = 0.001)", field(8, 8)),
        ("GlobalAvgPool2d", field(8, 8)),
        ("Reshape([2, _])", field(8, 8)),
        ("BatchNorm1d", field(8, 8)),
        ("Flatten", field(8, 8)),
    ];
    assert_eq!(found, expected);
    assert_eq!(Decoder::SHAPES[3], NetShape::image(4, 12, 28));
    assert_eq!(Decoder::PARAMETERS, 2 * 4 * 9 + 4 + 2 * 4 + 2 * 4 + 2 * 2);
    // Every weight once for each pixel that comes in.
    assert_eq!(Decoder::MULTIPLY_ADDS, 2 * 4 * 9 * 6 * 14);
}

#[test]
fn batch_norms_keep_their_statistics_in_files() {
    let dev = AutoDevice::seed_from_u64(3);
    let mut net = dev.build_module::<Decoder, f32>();
    let x: Tensor<Rank4<5, 2, 8, 8>, f32, _> = dev.sample_uniform();
    let y = net.forward_mut(x.clone());
    // A batch's mean is the bias.
    let mean = y.mean::<Rank1<4>, _>().array();
    assert!((mean[0] + mean[1]).abs() < 1e-5 && (mean[2] + mean[3]).abs() < 1e-5, "{mean:?}");
    assert_ne!(net.bn.running_var.array(), [1.0; 4]);

    let file = std::env::temp_dir().join(format!("decoder-{}.safetensors", std::process::id()));
    net.save_safetensors(&file).unwrap();
    let mut other = dev.build_module::<Decoder, f32>();
    other.load_safetensors(&file).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(net.forward(x.clone()).array(), other.forward(x).array());
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    for name in ["bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "10.running_mean"] {
        assert!(tensors.tensor(name).is_ok(), "{name}");
    }
}

net! {
    struct HighDefinition: [3, 1080, 1920] -> [4, 135, 240] {
        Conv2d(4, kernel = 7, stride = 4, padding = 3),
        MaxPool2d(2),
        Residual { Conv2d(4, kernel = 3, padding = same) },
    }

    struct Wide: [512, 14, 14] -> [2] { Flatten, Linear(100352 -> 2) }
}

#[test]
fn fixed_sizes_have_no_limit() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<HighDefinition, f32>();
    let image: Tensor<Rank3<3, 1080, 1920>, f32, _> = dev.sample_normal();
    let map: Tensor<Rank3<4, 135, 240>, f32, _> = net.forward_one(image);
    assert!(map.as_vec().iter().all(|v| v.is_finite()));
    let net = dev.build_module::<Wide, f32>();
    let y: Tensor<Rank2<1, 2>, f32, _> = net.forward(dev.ones::<Rank4<1, 512, 14, 14>>());
    let weight: &Tensor<Rank2<2, 100352>, f32, AutoDevice> = &net._1.weight;
    let sum: f32 =
        weight.as_vec()[..100352].iter().sum::<f32>() + net._1.bias().unwrap().array()[0];
    assert!((y.array()[0][0] - sum).abs() < 1e-2, "{y:?} {sum}");
}
