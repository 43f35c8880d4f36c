//! Weights to safetensors and back; files that don't fit; files that are broken.

use std::fs;
use std::path::PathBuf;

use dfdx::nn::modules;
use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use safetensors::{SafeTensors, tensor::TensorView};
use shapewright::weights::{Error, Mismatch, Weights};

type Mlp = (Linear<4, 3>, ReLU, (Linear<3, 2>, LayerNorm1D<2>));
type OnDevice<M, E> = <M as BuildOnDevice<AutoDevice, E>>::Built;

/// A file name of its own for a test, removed at the end.
struct Temp(PathBuf);

impl Temp {
    fn new(test: &str) -> Self {
        let name = format!("shapewright-{test}-{}.safetensors", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn mlp<E: Dtype + num_traits::Float + rand_distr::uniform::SampleUniform>(
    seed: u64,
) -> OnDevice<Mlp, E>
where
    AutoDevice: Device<E>,
{
    let mut net = AutoDevice::seed_from_u64(seed).build_module::<Mlp, E>();
    net.2.1.gamma = net.2.1.gamma.clone() * E::from_f64(1.5).unwrap();
    net
}

fn values<E: Dtype + num_traits::Float + rand_distr::uniform::SampleUniform>(
    net: &OnDevice<Mlp, E>,
) -> Vec<E>
where
    AutoDevice: Device<E>,
{
    let (first, _, (second, norm)) = net;
    [
        first.weight.as_vec(),
        first.bias.as_vec(),
        second.weight.as_vec(),
        second.bias.as_vec(),
        norm.gamma.as_vec(),
        norm.beta.as_vec(),
    ]
    .concat()
}

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// Writes a file by hand.
fn write(path: &PathBuf, entries: &[(&str, safetensors::Dtype, &[usize], &[u8])]) {
    let views = entries.iter().map(|&(name, dtype, shape, bytes)| {
        (name, TensorView::new(dtype, shape.to_vec(), bytes).unwrap())
    });
    fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

#[test]
fn f32_weights_come_back_bit_for_bit() {
    let file = Temp::new("round-f32");
    let (net, mut other) = (mlp::<f32>(1), mlp::<f32>(2));
    assert_ne!(values(&net), values(&other));
    net.save_safetensors(&file.0).unwrap();
    other.load_safetensors(&file.0).unwrap();
    assert_eq!(values(&net), values(&other));
}

#[test]
fn f64_weights_come_back_bit_for_bit() {
    let file = Temp::new("round-f64");
    let (net, mut other) = (mlp::<f64>(1), mlp::<f64>(2));
    net.save_safetensors(&file.0).unwrap();
    other.load_safetensors(&file.0).unwrap();
    assert_eq!(values(&net), values(&other));
}

#[test]
fn the_other_width_is_converted() {
    let file = Temp::new("widths");
    let (narrow, mut wide) = (mlp::<f32>(1), mlp::<f64>(2));
    narrow.save_safetensors(&file.0).unwrap();
    wide.load_safetensors(&file.0).unwrap();
    let widened: Vec<f64> = values(&narrow).into_iter().map(f64::from).collect();
    assert_eq!(values(&wide), widened);

    let (wide, mut narrow) = (mlp::<f64>(3), mlp::<f32>(4));
    wide.save_safetensors(&file.0).unwrap();
    narrow.load_safetensors(&file.0).unwrap();
    let narrowed: Vec<f32> = values(&wide).into_iter().map(|v| v as f32).collect();
    assert_eq!(values(&narrow), narrowed);
}

#[test]
fn names_and_shapes_in_the_file_are_the_visitors() {
    let file = Temp::new("names");
    mlp::<f32>(1).save_safetensors(&file.0).unwrap();
    let bytes = fs::read(&file.0).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let mut names: Vec<_> =
        tensors.iter().map(|(n, t)| (n.to_owned(), t.shape().to_vec())).collect();
    names.sort();
    let expected = [
        ("0.bias", vec![3]),
        ("0.weight", vec![3, 4]),
        ("2.0.bias", vec![2]),
        ("2.0.weight", vec![2, 3]),
        ("2.1.beta", vec![2]),
        ("2.1.gamma", vec![2]),
    ];
    assert_eq!(names, expected.map(|(name, shape)| (name.to_owned(), shape)));
}

#[test]
fn loading_keeps_the_identity_that_gradients_know_a_tensor_by() {
    let file = Temp::new("identity");
    let dev = AutoDevice::default();
    let mut net = dev.build_module::<Linear<2, 2>, f32>();
    let grads = net.alloc_grads();
    net.save_safetensors(&file.0).unwrap();
    net.load_safetensors(&file.0).unwrap();
    let input: Tensor<Rank1<2>, f32, _> = dev.tensor([3.0, 5.0]);
    let grads = net.forward(input.traced(grads)).sum().backward();
    assert_eq!(grads.get(&net.weight).array(), [[3.0, 5.0], [3.0, 5.0]]);
}

#[test]
fn a_permuted_weight_is_saved_and_loaded_in_its_logical_order() {
    let file = Temp::new("permuted");
    let dev = AutoDevice::default();
    let mut net: modules::Linear<3, 2, f32, AutoDevice> = dev.build_module::<Linear<3, 2>, f32>();
    let columns: Tensor<Rank2<3, 2>, f32, _> = dev.tensor([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]);
    net.weight = columns.permute();
    net.save_safetensors(&file.0).unwrap();
    let zeros: Tensor<Rank2<3, 2>, f32, _> = dev.zeros();
    net.weight = zeros.permute();
    net.load_safetensors(&file.0).unwrap();
    assert_eq!(net.weight.array(), [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
}

#[test]
fn everything_that_does_not_fit_is_listed_and_nothing_is_changed() {
    let file = Temp::new("mismatch");
    let small = bytes_of(&[0.5; 6]);
    write(
        &file.0,
        &[
            ("0.weight", safetensors::Dtype::F32, &[3, 2], &small),
            ("0.bias", safetensors::Dtype::I32, &[3], &small[..12]),
            ("2.0.weight", safetensors::Dtype::I64, &[3], &bytes_of(&[0.5; 6])),
            ("2.0.bias", safetensors::Dtype::F32, &[2], &small[..8]),
            ("2.1.gamma", safetensors::Dtype::F32, &[2], &small[..8]),
            ("fc9.bias", safetensors::Dtype::F32, &[2], &small[..8]),
        ],
    );
    let mut net = mlp::<f32>(1);
    let before = values(&net);
    let error = net.load_safetensors(&file.0).unwrap_err();
    let Error::Mismatch { path, mismatches, .. } = &error else { panic!("{error}") };
    assert_eq!(path.as_ref(), Some(&file.0));
    use Mismatch::{Dtype, Missing, Shape, Unexpected};
    use safetensors::Dtype::{F32, I32, I64};
    let name = str::to_owned;
    assert_eq!(
        mismatches[..],
        [
            Shape { name: name("0.weight"), file: vec![3, 2], network: vec![3, 4] },
            Dtype { name: name("0.bias"), file: I32, network: F32 },
            Shape { name: name("2.0.weight"), file: vec![3], network: vec![2, 3] },
            Dtype { name: name("2.0.weight"), file: I64, network: F32 },
            Missing { name: name("2.1.beta"), network: vec![2] },
            Unexpected { name: name("fc9.bias"), file: vec![2] },
        ]
    );
    let message = error.to_string();
    for line in [
        "0.weight: [3, 2] in the file, [3, 4] in the network",
        "2.1.beta: missing in the file, [2] in the network",
        "fc9.bias: [2] in the file, unknown to the network",
        "0.bias: I32 in the file, F32 in the network",
    ] {
        assert!(message.contains(line), "{line} not in:\n{message}");
    }
    assert_eq!(values(&net), before, "a failed load must change nothing");
}

#[test]
fn pytorchs_counters_and_dfdxs_scalars_in_a_file_are_passed_over() {
    let file = Temp::new("counters");
    let dev = AutoDevice::default();
    type Norm = LayerNorm1D<2>;
    let two = bytes_of(&[1.0, 2.0]);
    write(
        &file.0,
        &[
            ("gamma", safetensors::Dtype::F32, &[2], &two),
            ("beta", safetensors::Dtype::F32, &[2], &two),
            ("epsilon", safetensors::Dtype::F64, &[], &two),
            ("num_batches_tracked", safetensors::Dtype::I64, &[], &two),
        ],
    );
    let mut net = dev.build_module::<Norm, f32>();
    let epsilon = net.epsilon;
    net.load_safetensors(&file.0).unwrap();
    assert_eq!((net.gamma.array(), net.epsilon), ([1.0, 2.0], epsilon));
}

#[test]
fn saving_replaces_the_file_and_leaves_nothing_beside_it() {
    let dir = std::env::temp_dir().join(format!("shapewright-atomic-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    let path = dir.join("net.safetensors");
    fs::write(&path, "old").unwrap();
    // What a killed process may have left must not be in the way.
    let left = |count| dir.join(format!(".net.safetensors.{}-{count}.tmp", std::process::id()));
    (0..20).for_each(|count| fs::write(left(count), "left").unwrap());
    mlp::<f32>(1).save_safetensors(&path).unwrap();
    (0..20).for_each(|count| fs::remove_file(left(count)).unwrap());
    let names: Vec<_> = fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["net.safetensors"]);

    // A directory in the way: the rename fails, and the temporary file goes too.
    let blocked = dir.join("blocked");
    fs::create_dir(&blocked).unwrap();
    fs::write(blocked.join("file"), "x").unwrap();
    let error = mlp::<f32>(1).save_safetensors(&blocked).unwrap_err();
    assert!(error.to_string().contains("blocked"), "{error}");
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 2);
    fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn a_path_that_cannot_be_written_or_read_is_named() {
    let mut net = mlp::<f32>(1);
    for path in ["/nowhere/at/all.safetensors", ".."] {
        let error = net.save_safetensors(path).unwrap_err();
        assert!(matches!(&error, Error::Io { .. }) && error.to_string().contains(path), "{error}");
        let error = net.load_safetensors(path).unwrap_err();
        assert!(matches!(&error, Error::Io { .. }) && error.to_string().contains(path), "{error}");
    }
}

#[test]
fn every_truncation_is_an_error_that_names_the_file() {
    let file = Temp::new("truncated");
    let mut net = mlp::<f32>(1);
    net.save_safetensors(&file.0).unwrap();
    let (bytes, before) = (fs::read(&file.0).unwrap(), values(&net));
    for cut in 0..bytes.len() {
        fs::write(&file.0, &bytes[..cut]).unwrap();
        let error = net.load_safetensors(&file.0).unwrap_err();
        assert!(matches!(error, Error::Format { .. }), "cut at {cut}: {error}");
        assert!(error.to_string().contains("truncated"), "{error}");
    }
    assert_eq!(values(&net), before);
}

#[test]
fn mutated_files_load_whole_or_not_at_all() {
    let file = Temp::new("mutated");
    let (net, mut other) = (mlp::<f32>(1), mlp::<f32>(2));
    net.save_safetensors(&file.0).unwrap();
    let original = fs::read(&file.0).unwrap();
    let header = 8 + usize::from(original[0]) + 256 * usize::from(original[1]);
    let mut rng = StdRng::seed_from_u64(3);
    let mut refused = 0;
    for round in 0..4000 {
        let mut bytes = original.clone();
        // Half of the rounds aim at the header, which is where the traps are.
        let end = if round % 2 == 0 { header } else { bytes.len() };
        for _ in 0..rng.gen_range(1..=3) {
            bytes[rng.gen_range(0..end)] = rng.r#gen();
        }
        fs::write(&file.0, &bytes).unwrap();
        let before: Vec<u32> = values(&other).iter().map(|v| v.to_bits()).collect();
        if other.load_safetensors(&file.0).is_err() {
            refused += 1;
            let after: Vec<u32> = values(&other).iter().map(|v| v.to_bits()).collect();
            assert_eq!(after, before);
        }
    }
    assert!(refused > 1000, "only {refused} of 4000 mutations were noticed");
}

#[test]
fn hostile_headers_are_errors() {
    let file = Temp::new("hostile");
    let huge = usize::MAX / 8;
    let steps: Vec<String> = (0..8)
        .map(|i| {
            let (start, end) = (i * huge, (i + 1) * huge);
            format!(r#""t{i}":{{"dtype":"U8","shape":[{huge}],"data_offsets":[{start},{end}]}}"#)
        })
        .collect();
    let headers = [
        // The lengths add up to just below 2⁶⁴, and overflow with the header's.
        format!("{{{}}}", steps.join(",")),
        r#"{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}}"#
            .into(),
        r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#.into(),
        r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551615,3]}}"#.into(),
        "[".repeat(100_000),
        "{}".into(),
        String::new(),
    ];
    let mut net = mlp::<f32>(1);
    for header in headers {
        let bytes = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
        fs::write(&file.0, bytes).unwrap();
        let error = net.load_safetensors(&file.0).unwrap_err().to_string();
        assert!(error.contains("hostile"), "{error}");
    }
    fs::write(&file.0, u64::MAX.to_le_bytes()).unwrap();
    let error = net.load_safetensors(&file.0).unwrap_err().to_string();
    assert!(error.contains("a header of 18446744073709551615 bytes promised"), "{error}");
}
