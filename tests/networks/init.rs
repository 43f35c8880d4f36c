//! How parameters start: the option `init`, and the functions of `shapewright::init`.

use crate::common::noise;
use rand::distributions::{Distribution, Uniform};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shapewright::ops::Backend;
use shapewright::prelude::*;
use shapewright::{Error, FloatDtype, init, modules};

/// What the numbers of a weight should be.
#[derive(Clone, Copy, Debug)]
enum Expected {
    /// Uniform within this bound.
    Within(f64),
    /// Normal with this deviation.
    Normal(f64),
    Zeros,
}

impl Expected {
    /// Of a word, for a fan in and out, as PyTorch documents them.
    fn of(word: &str, [fan_in, fan_out]: [f64; 2]) -> Self {
        match word {
            "pytorch" => Self::Within(1.0 / fan_in.sqrt()),
            "kaiming_uniform" => Self::Within((6.0 / fan_in).sqrt()),
            "kaiming_normal" => Self::Normal((2.0 / fan_in).sqrt()),
            "xavier_uniform" => Self::Within((6.0 / (fan_in + fan_out)).sqrt()),
            "xavier_normal" => Self::Normal((2.0 / (fan_in + fan_out)).sqrt()),
            "zeros" => Self::Zeros,
            word => panic!("no word {word}"),
        }
    }

    /// Mean and deviation are within four standard errors.
    #[track_caller]
    fn check(self, name: &str, values: &[f32]) {
        let n = values.len() as f64;
        assert!(n >= 15_000.0, "{name}: {n} numbers are few");
        let values: Vec<f64> = values.iter().map(|&x| x.into()).collect();
        let (std, kurtosis) = match self {
            Self::Zeros => return assert!(values.iter().all(|x| *x == 0.0), "{name}"),
            Self::Within(bound) => {
                let largest = values.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
                let near = bound * (1.0 - 20.0 / n)..=bound * (1.0 + 1e-7);
                assert!(near.contains(&largest), "{name}: {largest} for {bound}");
                (bound / 3f64.sqrt(), 1.8)
            }
            Self::Normal(std) => {
                let within = values.iter().filter(|x| x.abs() < std).count() as f64 / n;
                assert!((within - 0.682_689).abs() < 4.0 * (0.2167 / n).sqrt(), "{name}: {within}");
                (std, 3.0)
            }
        };
        let mean = values.iter().sum::<f64>() / n;
        assert!(mean.abs() < 4.0 * std / n.sqrt(), "{name}: a mean of {mean}");
        let measured = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
        let error = std * ((kurtosis - 1.0) / (4.0 * n)).sqrt();
        assert!((measured - std).abs() < 4.0 * error, "{name}: {measured} for {std}");
    }
}

/// `torch.nn.init._calculate_fan_in_and_fan_out` of the weights of each network below.
const CONV2D: [f64; 2] = [240.0, 960.0];
const CONV1D: [f64; 2] = [448.0, 896.0];
const TRANSPOSED: [f64; 2] = [480.0, 960.0];
const LINEAR: [f64; 2] = [300.0, 200.0];

/// A network with each layer, all weights drawn by a word, and the test of it.
macro_rules! word {
    ($Net:ident, $word:ident) => {
        net! {
            struct $Net: [32, 2, 2] -> [_] {
                conv: Conv2d(64, kernel = (3, 5), padding = (1, 2), groups = 2, init = $word),
                up: ConvTranspose2d(64, kernel = (3, 5), padding = (1, 2), groups = 2, init = $word),
                Reshape([64, _]),
                seq: Conv1d(128, kernel = 7, padding = 3, init = $word),
                Flatten,
                Linear(300), ReLU,
                fc: Linear(200, init = $word),
            }
        }

        #[test]
        fn $word() {
            let dev = AutoDevice::seed_from_u64(3);
            let net = dev.build_module::<$Net, f32>();
            let word = stringify!($word);
            let check = |name: &str, fans: [f64; 2], weight: Vec<f32>, bias: Vec<f32>| {
                Expected::of(word, fans).check(&format!("{word}, {name}"), &weight);
                // PyTorch's whatever the weight.
                let bound = 1.0 / fans[0].sqrt();
                let largest = bias.iter().fold(0.0, |most: f64, x| most.max(x.abs().into()));
                assert!((0.8 * bound..=bound * (1.0 + 1e-7)).contains(&largest), "{word}, {name}");
            };
            check("Conv2d", CONV2D, net.conv.weight.as_vec(), net.conv.bias().unwrap().as_vec());
            check("ConvTranspose2d", TRANSPOSED, net.up.weight.as_vec(), net.up.bias().unwrap().as_vec());
            check("Conv1d", CONV1D, net.seq.weight.as_vec(), net.seq.bias().unwrap().as_vec());
            check("Linear", LINEAR, net.fc.weight.as_vec(), net.fc.bias().unwrap().as_vec());
        }
    };
}

word!(PyTorch, pytorch);
word!(KaimingUniform, kaiming_uniform);
word!(KaimingNormal, kaiming_normal);
word!(XavierUniform, xavier_uniform);
word!(XavierNormal, xavier_normal);
word!(Zeros, zeros);

/// A weight of [400, 300].
fn drawn(init: Init) -> Vec<f32> {
    let mut tensor: Tensor<Rank2<400, 300>, f32, _> = AutoDevice::seed_from_u64(5).zeros();
    init::fill(&mut tensor, init).unwrap();
    tensor.as_vec()
}

#[test]
fn fans_and_gains() {
    // The gain is that of PyTorch 2.15.
    let gain = Gain::LeakyReLU { slope: 0.2 };
    let normal = |fan| drawn(Init::KaimingNormal { fan, gain });
    Expected::Normal(1.3867504905630728 / 300f64.sqrt()).check("fan in", &normal(Fan::In));
    Expected::Normal(1.3867504905630728 / 400f64.sqrt()).check("fan out", &normal(Fan::Out));
    let uniform = |fan| drawn(Init::KaimingUniform { fan, gain });
    Expected::Within(1.3867504905630728 * 0.1).check("fan in", &uniform(Fan::In));
    Expected::Within(1.3867504905630728 * (3f64 / 400.0).sqrt())
        .check("fan out", &uniform(Fan::Out));
    let tanh = drawn(Init::XavierNormal { gain: Gain::Tanh });
    Expected::Normal(5.0 / 3.0 * (2f64 / 700.0).sqrt()).check("tanh", &tanh);
    let factor = drawn(Init::XavierUniform { gain: Gain::Factor(0.5) });
    Expected::Within(0.5 * (6f64 / 700.0).sqrt()).check("factor", &factor);
    for (gain, expected) in [(Gain::Linear, 1.0), (Gain::Sigmoid, 1.0), (Gain::ReLU, 2f64.sqrt())] {
        assert_eq!(init::gain(gain), expected);
    }
}

#[test]
fn the_functions_of_torch_nn_init() {
    let dev = AutoDevice::seed_from_u64(6);
    let mut weight: Tensor<Rank4<40, 20, 7, 6>, f32, _> = dev.zeros();
    let [fan_in, fan_out] = [840.0, 1680.0];
    type Draw<W> = fn(&mut W) -> Result<(), Error>;
    let functions: [(_, Draw<_>); 4] = [
        ("kaiming_uniform", init::kaiming_uniform),
        ("kaiming_normal", init::kaiming_normal),
        ("xavier_uniform", init::xavier_uniform),
        ("xavier_normal", init::xavier_normal),
    ];
    for (name, draw) in functions {
        draw(&mut weight).unwrap();
        Expected::of(name, [fan_in, fan_out]).check(name, &weight.as_vec());
    }
    init::normal(&mut weight, 3.0, 0.5).unwrap();
    let centred: Vec<f32> = weight.as_vec().iter().map(|x| x - 3.0).collect();
    Expected::Normal(0.5).check("normal", &centred);
    init::uniform(&mut weight, 2.0, 3.0).unwrap();
    let centred: Vec<f32> = weight.as_vec().iter().map(|x| x - 2.5).collect();
    Expected::Within(0.5).check("uniform", &centred);
    init::constant(&mut weight, -0.25).unwrap();
    assert!(weight.as_vec().iter().all(|x| *x == -0.25));
    init::ones(&mut weight).unwrap();
    assert!(weight.as_vec().iter().all(|x| *x == 1.0));
    init::zeros(&mut weight).unwrap();
    assert!(weight.as_vec().iter().all(|x| *x == 0.0));

    // What needs no fan is for any tensor: of sizes known at run time, of one dimension, of none.
    let mut vector: Tensor<(usize,), f64, _> = dev.zeros_like(&(3,));
    init::uniform(&mut vector, 5.0, 5.0).unwrap();
    assert_eq!(vector.as_vec(), [5.0; 3]);
    let mut scalar: Tensor<Rank0, f64, _> = dev.zeros();
    init::normal(&mut scalar, 7.0, 0.0).unwrap();
    assert_eq!(scalar.array(), 7.0);
    let mut empty: Tensor<(usize, Const<3>), f64, _> = dev.zeros_like(&(0, Const));
    init::kaiming_normal(&mut empty).unwrap();
}

#[test]
fn truncated_normal() {
    // The mean and deviation of the distribution that is left, by its density.
    let moments = |mean: f64, std: f64, low: f64, high: f64| {
        const STEPS: usize = 100_000;
        let at = |i: usize| low + (high - low) * (i as f64 + 0.5) / STEPS as f64;
        let density = |x: f64| (-((x - mean) / std).powi(2) / 2.0).exp();
        let sum =
            |f: &dyn Fn(f64) -> f64| (0..STEPS).map(at).map(|x| f(x) * density(x)).sum::<f64>();
        let total = sum(&|_| 1.0);
        let centre = sum(&|x| x) / total;
        (centre, (sum(&|x| (x - centre).powi(2)) / total).sqrt())
    };
    for [mean, std, low, high] in
        [[0.0, 1.0, -2.0, 2.0], [0.0, 1.0, -0.5, 0.5], [0.0, 1.0, 0.0, 3.0], [0.3, 0.1, 0.1, 0.31]]
    {
        let mut weight: Tensor<Rank1<100_000>, f64, _> = AutoDevice::seed_from_u64(7).zeros();
        init::trunc_normal(&mut weight, mean, std, low, high).unwrap();
        let values = weight.as_vec();
        assert!(values.iter().all(|x| (low..=high).contains(x)));
        let n = values.len() as f64;
        let (centre, deviation) = moments(mean, std, low, high);
        let found = values.iter().sum::<f64>() / n;
        assert!((found - centre).abs() < 4.0 * deviation / n.sqrt(), "{found} for {centre}");
        let found = (values.iter().map(|x| (x - found).powi(2)).sum::<f64>() / n).sqrt();
        assert!(
            (found / deviation - 1.0).abs() < 4.0 / (2.0 * n).sqrt(),
            "{found} for {deviation}"
        );
    }
    let mut weight: Tensor<Rank1<3>, f64, _> = AutoDevice::default().zeros();
    for [low, high] in [[0.5, 0.5], [0.0, 1.0]] {
        init::trunc_normal(&mut weight, 0.5, 0.0, low, high).unwrap();
        assert_eq!(weight.array(), [0.5; 3]);
    }
}

#[test]
fn what_can_not_be_drawn_is_an_error() {
    let dev = AutoDevice::default();
    let mut bias: Tensor<Rank1<10>, f32, _> = dev.ones();
    for init in [
        Init::PyTorch,
        Init::KAIMING_UNIFORM,
        Init::KAIMING_NORMAL,
        Init::XAVIER_UNIFORM,
        Init::XAVIER_NORMAL,
    ] {
        let error = init::fill(&mut bias, init).unwrap_err().to_string();
        assert!(error.starts_with("the tensor is (10), but `"), "{error}");
        assert!(error.contains("needs two dimensions or more"), "{error}");
    }
    let mut weight: Tensor<Rank2<2, 3>, f32, _> = dev.ones();
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    for init in [
        Init::Constant(nan),
        Init::Uniform { low: 1.0, high: 0.0 },
        Init::Uniform { low: f64::MIN, high: f64::MAX },
        Init::Normal { mean: 0.0, std: -1.0 },
        Init::Normal { mean: inf, std: 1.0 },
        Init::TruncNormal { mean: 3.0, std: 1.0, low: -2.0, high: 2.0 },
        Init::TruncNormal { mean: 0.0, std: nan, low: -2.0, high: 2.0 },
        Init::XavierNormal { gain: Gain::Factor(-1.0) },
        Init::KaimingUniform { fan: Fan::Out, gain: Gain::LeakyReLU { slope: nan } },
    ] {
        let error = init::fill(&mut weight, init).unwrap_err().to_string();
        assert!(
            error.starts_with("the tensor is (2, 3), but there is no distribution `"),
            "{error}"
        );
    }
    // Nothing has changed.
    assert_eq!(weight.array(), [[1.0; 3]; 2]);
    assert_eq!(bias.array(), [1.0; 10]);
}

const SMALL: Init = Init::Normal { mean: 0.0, std: 1e-3 };

net! {
    struct Block<const C: usize>: [C, 4, 4] -> [C, 4, 4] {
        Residual {
            conv: Conv2d(C, kernel = 3, padding = 1, bias = false, init = kaiming_normal),
            bn: BatchNorm2d(init = zeros),
        },
    }

    struct Nested: [2, 4, 4] -> [3] {
        first: Conv2d(4, kernel = 1),
        blocks: Repeat<2> { self::Block<4>, ReLU },
        Flatten,
        fc: Linear(3, init = SMALL),
    }
}

type Vectors<E> = [Vec<E>; 5];

fn weights<E: FloatDtype, D: Backend<E>>(dev: &D) -> Vectors<E> {
    let net = dev.build_module::<Nested, E>();
    [
        net.first.weight.as_vec(),
        net.first.bias().unwrap().as_vec(),
        net.blocks[0]._0.conv.weight.as_vec(),
        net.blocks[1]._0.conv.weight.as_vec(),
        net.fc.weight.as_vec(),
    ]
}

#[test]
fn the_same_seed_gives_the_same_weights_on_every_device() {
    let bits = |weights: Vectors<f32>| weights.map(|weight| weight.into_iter().map(f32::to_bits));
    let bits = |weights| bits(weights).map(Vec::from_iter);
    let cpu = bits(weights(&Cpu::seed_from_u64(9)));
    assert_eq!(bits(weights(&Cpu::seed_from_u64(9))), cpu);
    assert_eq!(bits(weights(&AutoDevice::seed_from_u64(9))), cpu);
    let others = bits(weights(&Cpu::seed_from_u64(10)));
    assert!(cpu.iter().zip(&others).all(|(a, b)| a != b));
    // The rounds of a `Repeat` are drawn one after the other.
    assert_ne!(cpu[2], cpu[3]);
}

#[test]
fn networks_of_f32_and_f64_start_alike() {
    let dev = AutoDevice::seed_from_u64(11);
    let mut single: Tensor<Rank2<30, 40>, f32, _> = dev.zeros();
    init::kaiming_normal(&mut single).unwrap();
    let dev = AutoDevice::seed_from_u64(11);
    let mut double: Tensor<Rank2<30, 40>, f64, _> = dev.zeros();
    init::kaiming_normal(&mut double).unwrap();
    let rounded: Vec<f32> = double.as_vec().iter().map(|&x| x as f32).collect();
    assert_eq!(single.as_vec(), rounded);
}

/// Seeds give the weights that they gave in all versions.
#[test]
fn the_default_is_drawn_as_ever() {
    fn check<E: FloatDtype>(bound: E)
    where
        AutoDevice: Backend<E>,
    {
        let [weight, bias, ..] = weights::<E, _>(&AutoDevice::seed_from_u64(12));
        let mut rng = StdRng::seed_from_u64(12);
        let uniform = Uniform::new_inclusive(-bound, bound);
        let expected: Vec<E> = (0..12).map(|_| uniform.sample(&mut rng)).collect();
        assert_eq!([weight, bias].concat(), expected);
    }
    check(1.0 / 2f32.sqrt());
    check(1.0 / 2f64.sqrt());

    // So are the modules for dfdx's tuples.
    type Tuple = (modules::Conv2d<2, 4, 3>, modules::UnbiasedLinear<5, 6>);
    let (conv, linear) = AutoDevice::seed_from_u64(13).build_module::<Tuple, f32>();
    let mut rng = StdRng::seed_from_u64(13);
    let mut draw = |n: usize, fan_in: f32| -> Vec<f32> {
        let bound = 1.0 / fan_in.sqrt();
        (0..n).map(|_| rng.sample(Uniform::new_inclusive(-bound, bound))).collect()
    };
    assert_eq!(conv.weight.as_vec(), draw(72, 18.0));
    assert_eq!(conv.bias.as_vec(), draw(4, 18.0));
    assert_eq!(linear.weight.as_vec(), draw(30, 5.0));
}

#[test]
fn declared_in_blocks_and_with_const_parameters() {
    let dev = AutoDevice::seed_from_u64(14);
    let mut net = dev.build_module::<Nested, f32>();
    let small = net.fc.weight.as_vec();
    assert!(small.iter().all(|x| x.abs() < 6e-3) && small.iter().any(|x| *x != 0.0));
    // A block whose last weight is zeros is the identity.
    let x =
        dev.tensor_from_vec(noise(1, 64).iter().map(|x| *x as f32).collect(), Default::default());
    let x: Tensor<Rank4<1, 4, 4, 4>, f32, _> = x;
    let block = &net.blocks[1]._0;
    assert_eq!(block.bn.weight.as_vec(), [0.0; 4]);
    assert_eq!(block.forward(x.clone()).array(), x.array());

    // `reset_params` draws what is declared once more.
    let conv = net.blocks[0]._0.conv.weight.as_vec();
    init::each(&mut net, |_, _| Some(Init::ONES)).unwrap();
    net.reset_params();
    assert_eq!(net.blocks[0]._0.bn.weight.as_vec(), [0.0; 4]);
    let again = net.blocks[0]._0.conv.weight.as_vec();
    assert!(again != conv && again.iter().all(|x| x.abs() < 6.0 * (2f32 / 36.0).sqrt()));
    let small = net.fc.weight.as_vec();
    assert!(small.iter().all(|x| x.abs() < 6e-3) && small.iter().any(|x| *x != 0.0));
}

#[test]
fn each_parameter_by_its_name() {
    let dev = AutoDevice::seed_from_u64(15);
    let mut net = dev.build_module::<Nested, f32>();
    let mut asked = Vec::new();
    let before = net.fc.weight.as_vec();
    init::each(&mut net, |name, shape| {
        asked.push(format!("{name} {shape:?}"));
        (shape.len() == 1).then_some(Init::Constant(2.0))
    })
    .unwrap();
    let expected = [
        "first.weight [4, 2, 1, 1]",
        "first.bias [4]",
        "blocks.0.0.conv.weight [4, 4, 3, 3]",
        "blocks.0.0.bn.weight [4]",
        "blocks.0.0.bn.bias [4]",
        "blocks.1.0.conv.weight [4, 4, 3, 3]",
        "blocks.1.0.bn.weight [4]",
        "blocks.1.0.bn.bias [4]",
        "fc.weight [3, 64]",
        "fc.bias [3]",
    ];
    assert_eq!(asked, expected);
    assert_eq!(net.fc.weight.as_vec(), before);
    assert_eq!(net.fc.bias().unwrap().array(), [2.0; 3]);
    let block = &net.blocks[1]._0.bn;
    assert_eq!([block.bias.as_vec(), block.running_mean.as_vec()], [[2.0; 4], [0.0; 4]]);

    let error = init::each(&mut net, |_, _| Some(Init::KAIMING_NORMAL)).unwrap_err().to_string();
    assert!(error.starts_with("`first.bias`: the tensor is (4), but `KaimingNormal"), "{error}");
}

#[test]
fn a_clone_keeps_its_weights() {
    let dev = AutoDevice::seed_from_u64(16);
    let mut net = dev.build_module::<Nested, f32>();
    let (clone, before) = (net.clone(), net.fc.weight.as_vec());
    init::xavier_normal(&mut net.fc.weight).unwrap();
    assert_eq!(clone.fc.weight.as_vec(), before);
    assert_ne!(net.fc.weight.as_vec(), before);
}

net! {
    struct Words: [4, 6, 6] -> [_] {
        Conv2d(4, kernel = 3, init = pytorch),
        Conv2d(4, kernel = 1, init = kaiming_uniform),
        ConvTranspose2d(4, kernel = 1, bias = false, init = kaiming_normal),
        BatchNorm2d(momentum = 0.2, init = zeros),
        Reshape([4, _]),
        Conv1d(4, kernel = 1, init = xavier_uniform),
        LayerNorm(init = zeros),
        Flatten,
        Linear(8, init = xavier_normal), ReLU,
        Linear(8, init = zeros), ReLU,
        Linear(8, init = SMALL), ReLU,
        Linear(8, init = { Init::KaimingUniform { fan: Fan::Out, gain: Gain::LeakyReLU { slope: 0.2 } } }),
    }
}

#[test]
fn the_summary_writes_what_is_not_the_default() {
    let layers: Vec<String> = Words::summary().rows.into_iter().map(|row| row.layer).collect();
    let expected = [
        "Conv2d(4 -> 4, kernel = 3)",
        "Conv2d(4 -> 4, kernel = 1, init = kaiming_uniform)",
        "ConvTranspose2d(4 -> 4, kernel = 1, bias = false, init = kaiming_normal)",
        "BatchNorm2d(momentum = 0.2, init = zeros)",
        "Reshape([4, _])",
        "Conv1d(4 -> 4, kernel = 1, init = xavier_uniform)",
        "LayerNorm(init = zeros)",
        "Flatten",
        "Linear(64 -> 8, init = xavier_normal)",
        "ReLU",
        "Linear(8 -> 8, init = zeros)",
        "ReLU",
        "Linear(8 -> 8, init = { Init::Normal { mean: 0.0, std: 0.001 } })",
        "ReLU",
        "Linear(8 -> 8, init = { Init::KaimingUniform { fan: Fan::Out, gain: Gain::LeakyReLU { slope: 0.2 } } })",
    ];
    assert_eq!(layers, expected);
}
