//! Layers of sequences `[channels, length]`: against those of images, in networks, and what is no
//! sequence.

use crate::common::noise;
use dfdx::prelude::*;
use shapewright::ops::{self, Erased};
use shapewright::shape::{Conv1d, Padding, Pool1d};
use shapewright::{Error, Summary, net};

type Batch = Erased<f64, AutoDevice>;
type Vector = Tensor<(usize,), f64, AutoDevice>;

net! {
    /// Words are recognised by their sound.
    struct Sound: [2, 40] -> [5] {
        #[allow(shapewright::bias_before_norm, shapewright::dropped_rows)]
        conv1: Conv1d(8, kernel = 5, stride = 2, padding = (4, 0)),
        BatchNorm1d,
        ReLU,
        MaxPool1d(2),
        conv2: Conv1d(8 -> 16, kernel = 3, groups = 2, bias = false, padding = same),
        GELU,
        AvgPool1d(2),
        Flatten,
        Linear(80 -> 5),
    }

    /// A mark for every other moment of a sound of any length.
    struct Marks: for<L> [2, L] -> [3, _] {
        Conv1d(8, kernel = 5, padding = (4, 0)),
        Residual { Conv1d(8, kernel = 3, padding = same), ReLU },
        Concat { { MaxPool1d(2) }, { AvgPool1d(2) } },
        head: Conv1d(16 -> 3, kernel = 1),
    }
}

fn sequence(batch: usize, channels: usize, length: usize) -> Batch {
    let data = noise(1, batch * channels * length);
    AutoDevice::default().tensor_from_vec(data, (batch, channels, 1, length))
}

#[test]
fn as_images_of_one_row() {
    let dev = AutoDevice::default();
    let base = Conv1d::new(6, 3);
    let convolutions = [
        base,
        Conv1d { stride: 2, dilation: 2, padding: Padding::ends(3, 1), ..base },
        Conv1d { groups: 2, padding: Padding::Same, ..base },
        Conv1d { padding: Padding::Full, bias: false, ..base },
    ];
    for conv in convolutions {
        let x = sequence(3, 4, 11);
        let [o, c, k] = conv.weight(4);
        let data = noise(2, o * c * k);
        let weight = dev.tensor_from_vec(data.clone(), (o, c, k));
        let image_weight = dev.tensor_from_vec(data, (o, c, 1, k));
        let bias: Vector = dev.tensor_from_vec(noise(3, o), (o,));
        let bias = conv.bias.then_some(&bias);
        let ours = ops::conv1d(x.clone(), &weight, bias, &conv).unwrap();
        let theirs = ops::conv2d(x, &image_weight, bias, &conv.image()).unwrap();
        assert_eq!(ours.shape(), theirs.shape());
        assert_eq!(ours.as_vec(), theirs.as_vec());
    }
    let pools = [Pool1d::max(3), Pool1d::avg(2), Pool1d { ceil_mode: true, ..Pool1d::avg(4) }];
    for pool in pools {
        let x = sequence(2, 3, 11);
        let ours = ops::pool1d(x.clone(), &pool).unwrap();
        let theirs = ops::pool2d(x, &pool.image()).unwrap();
        assert_eq!(ours.shape(), theirs.shape());
        assert_eq!(ours.as_vec(), theirs.as_vec());
    }
}

/// By the definition, with plain loops.
#[test]
fn a_causal_convolution_by_hand() {
    let dev = AutoDevice::default();
    let x = sequence(2, 3, 7);
    let conv = Conv1d { padding: Padding::ends(4, 0), dilation: 2, ..Conv1d::new(2, 3) };
    let weight = dev.tensor_from_vec(noise(2, 18), (2, 3, 3));
    let y = ops::conv1d(x.clone(), &weight, None::<&Vector>, &conv).unwrap();
    assert_eq!(y.shape(), &(2, 2, 1, 7));
    let (x, w, y) = (x.as_vec(), weight.as_vec(), y.as_vec());
    for (at, y) in y.into_iter().enumerate() {
        let (n, o, i) = (at / 14, at / 7 % 2, at % 7);
        let mut sum = 0.0;
        for c in 0..3 {
            for k in 0..3 {
                // Nothing of what comes later.
                if let Some(from) = (i + 2 * k).checked_sub(4) {
                    sum += w[(o * 3 + c) * 3 + k] * x[(n * 3 + c) * 7 + from];
                }
            }
        }
        assert!((y - sum).abs() < 1e-12);
    }
}

#[test]
fn in_a_network() {
    let dev = AutoDevice::default();
    let mut net = dev.build_module::<Sound, f32>();
    assert_eq!(net.conv1.weight.shape().concrete(), [8, 2, 5]);
    assert_eq!(net.conv2.weight.shape().concrete(), [16, 4, 3]);
    assert!(net.conv2.bias().is_none());
    let bound = 1.0 / (2.0f32 * 5.0).sqrt();
    let largest = net.conv1.weight.as_vec().into_iter().fold(0.0, |m: f32, w| m.max(w.abs()));
    assert!(largest <= bound && largest > 0.8 * bound);
    let parameters = 8 * (2 * 5 + 1) + 2 * 8 + 16 * 4 * 3 + 80 * 5 + 5;
    assert_eq!((Sound::PARAMETERS, net.num_trainable_params()), (parameters, parameters));

    let x: Tensor<Rank3<3, 2, 40>, f32, _> = dev.sample_normal();
    let y: Tensor<Rank2<3, 5>, f32, _> = net.forward(x.clone());
    let grads = net.alloc_grads();
    let loss = net.forward_mut(x.traced(grads)).square().mean();
    let grads = loss.backward();
    assert!(grads.get(&net.conv1.weight).as_vec().iter().any(|g| *g != 0.0));
    assert_eq!(y.shape().concrete(), [3, 5]);
}

#[test]
fn of_any_length_and_in_branches() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<Marks, f32>();
    let x: Tensor<Rank3<4, 2, 40>, f32, _> = dev.sample_normal();
    let y: Tensor<Rank3<4, 3, 20>, f32, _> = net.forward(x.clone());
    let open = x.realize::<(Const<4>, Const<2>, usize)>();
    let z = net.try_forward(open.clone()).unwrap();
    assert_eq!(z.shape(), &(Const::<4>, Const::<3>, 20));
    assert_eq!(y.as_vec(), z.as_vec());
    let grads = net.forward(open.leaky_trace()).square().mean().backward();
    assert!(grads.get(&net.head.weight).as_vec().iter().any(|g| *g != 0.0));
    let short: Tensor<(usize, Const<2>, usize), f32, _> = dev.ones_like(&(1, Const, 1));
    let message = net.try_forward(short).unwrap_err().to_string();
    assert!(message.contains("reaches over 2 elements, but its input has 1"), "{message}");
}

#[test]
fn in_a_summary() {
    let Summary { rows, .. } = Sound::summary();
    let layers: Vec<&str> = rows.iter().map(|row| row.layer.as_str()).collect();
    assert_eq!(layers[0], "Conv1d(2 -> 8, kernel = 5, stride = 2, padding = (4, 0))");
    assert_eq!(layers[3], "MaxPool1d(2)");
    assert_eq!(layers[4], "Conv1d(8 -> 16, kernel = 3, padding = same, groups = 2, bias = false)");
    let fields: Vec<_> = rows.iter().filter_map(|row| row.receptive_field).collect();
    assert_eq!(fields[..5], [[1, 5], [1, 5], [1, 5], [1, 7], [1, 15]]);
    assert_eq!(rows[0].multiply_adds, 20 * 8 * 2 * 5);
}

#[test]
fn weights_go_through_a_file() {
    use shapewright::prelude::Weights;
    let dev = AutoDevice::default();
    let net = dev.build_module::<Sound, f32>();
    let file = std::env::temp_dir().join(format!("sequences-{}.safetensors", std::process::id()));
    net.save_safetensors(&file).unwrap();
    let mut other = dev.build_module::<Sound, f32>();
    other.load_safetensors(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let x: Tensor<Rank3<3, 2, 40>, f32, _> = dev.sample_normal();
    assert_eq!(net.forward(x.clone()).array(), other.forward(x).array());
}

fn message<T>(result: Result<T, Error>) -> String {
    result.err().unwrap().to_string()
}

#[test]
fn what_is_no_sequence() {
    let dev = AutoDevice::default();
    let conv = Conv1d::new(2, 3);
    let weight = dev.tensor_from_vec(noise(2, 18), (2, 3, 3));
    let run = |x: Batch, conv: &Conv1d| ops::conv1d(x, &weight, None::<&Vector>, conv);
    let image: Batch = dev.zeros_like(&(2, 3, 4, 5));
    assert_eq!(
        message(run(image.clone(), &conv)),
        "`conv1d` takes a sequence [channels, length], but the input is an image [3, 4, 5]; the \
         input is (2, 3, 4, 5)"
    );
    let pool = Pool1d::max(2);
    assert!(message(ops::pool1d(image, &pool)).starts_with("`max_pool1d` takes a sequence"));
    assert_eq!(
        message(run(sequence(2, 3, 2), &conv)),
        "the kernel of `conv1d` reaches over 3 elements, but its input has 2; the input is \
         (2, 3, 1, 2)"
    );
    let avg = Pool1d { dilation: 2, ..Pool1d::avg(2) };
    assert!(message(ops::pool1d(sequence(1, 1, 9), &avg)).starts_with("avg_pool1d: "));
    let empty: Batch = dev.zeros_like(&(2, 3, 1, 0));
    assert!(message(run(empty, &conv)).contains("a sequence without elements"));
    assert!(message(run(sequence(2, 0, 4), &conv)).contains("at least 1 channel"));
    assert_eq!(run(sequence(0, 3, 4), &conv).unwrap().shape(), &(0, 2, 1, 2));
}

#[test]
fn weights_of_another_shape() {
    let dev = AutoDevice::default();
    let conv = Conv1d::new(2, 3);
    let weight: Tensor<(usize, usize, usize), f64, _> = dev.zeros_like(&(2, 4, 3));
    assert_eq!(
        message(ops::conv1d(sequence(2, 3, 8), &weight, None::<&Vector>, &conv)),
        "conv1d: the input is (2, 3, 1, 8), so it has 3 channels, but the weight (2, 4, 3) with \
         groups = 1 takes 4"
    );
    let weight: Batch = dev.zeros_like(&(2, 3, 1, 3));
    assert_eq!(
        message(ops::conv1d(sequence(2, 3, 8), &weight, None::<&Vector>, &conv)),
        "conv1d: the input is (2, 3, 1, 8), which asks for a weight of (2, 3, 3), but the weight \
         is (2, 3, 1, 3)"
    );
}
