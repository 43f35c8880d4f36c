//! Weights that PyTorch saved give PyTorch's outputs; ours are written for PyTorch to load.
//!
//! `tools/weights.py` writes the files of `tests/data/weights/`, and checks those that are written
//! here to `target/tmp/weights/`.

#[path = "../../examples/resnet18/network.rs"]
#[allow(dead_code)]
mod resnet18;

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{noise, relative_error};
use resnet18::{BasicBlock, Downsample};
use shapewright::prelude::*;
use shapewright::weights::{Array, Dtype, LoadOptions, StateDict};

net! {
    /// The example's ResNet-18 with few channels.
    struct Narrow: for<H, W> [3, H, W] -> [5] {
        conv1: Conv2d(4, kernel = 7, stride = 2, padding = 3, bias = false),
        bn1: BatchNorm2d,
        ReLU,
        MaxPool2d(3, stride = 2, padding = 1),
        layer1: { BasicBlock<4>, BasicBlock<4> },
        layer2: { Downsample<4, 6>, BasicBlock<6> },
        layer3: { Downsample<6, 8>, BasicBlock<8> },
        layer4: { Downsample<8, 10>, BasicBlock<10> },
        GlobalAvgPool2d,
        fc: Linear(5),
    }

    #[allow(shapewright::bias_before_norm, shapewright::dropped_rows)]
    struct Layers: [3, 8, 10] -> [5] {
        Conv2d(6, kernel = 3, padding = 1, groups = 3),
        BatchNorm2d,
        ReLU,
        MaxPool2d(2),
        ConvTranspose2d(4, kernel = 3, stride = 2, padding = 1, output_padding = 1, groups = 2),
        GroupNorm(2),
        SiLU,
        Conv2d(8, kernel = (3, 5), stride = 2, bias = false),
        BatchNorm2d(eps = 1e-3),
        LeakyReLU(0.1),
        Flatten,
        Linear(12),
        BatchNorm1d,
        Tanh,
        Dropout(0.5),
        LayerNorm,
        Linear(5, bias = false),
    }

    #[allow(shapewright::bias_before_norm)]
    struct Sequence: [2, 20] -> [4] {
        encoder: {
            down: { Conv1d(6, kernel = 5, stride = 2, padding = 2), BatchNorm1d, ReLU },
            mix: Conv1d(6, kernel = 3, padding = 2, dilation = 2, groups = 2),
            norm: GroupNorm(3),
        },
        MaxPool1d(2),
        Flatten,
        head: Linear(4),
    }
}

/// The largest relative error that a sum in another order explains.
const TOLERANCE: f64 = 1e-4;

fn data(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/weights").join(file)
}

/// Inputs and outputs.
fn examples() -> StateDict {
    StateDict::read_safetensors(data("examples.safetensors")).unwrap()
}

/// The formats that this build reads.
fn formats() -> &'static [&'static str] {
    if cfg!(feature = "npz") { &["safetensors", "npz"] } else { &["safetensors"] }
}

fn tensor<S: ConstShape>(array: &Array) -> Tensor<S, f32, AutoDevice> {
    let shape: Vec<usize> = S::default().concrete().into();
    assert_eq!(array.shape(), shape);
    AutoDevice::default().tensor_from_vec(array.values().unwrap(), S::default())
}

/// Builds the network, loads the file of the key and compares what comes out with PyTorch's.
macro_rules! compare {
    ($network:ty, $input:ty, $file:expr, $key:expr) => {{
        let (file, key) = ($file, $key);
        let name = key.split('.').next().unwrap();
        let mut net = AutoDevice::default().build_module::<$network, f32>();
        let report = net.load_with(data(&file), &LoadOptions::new()).unwrap();
        assert_eq!((report.loaded, report.skipped.len()), (net.state_dict().unwrap().len(), 0));
        let examples = examples();
        let y = net.forward(tensor::<$input>(examples.get(&format!("{name}.input")).unwrap()));
        let error = relative_error(&y.as_vec(), &examples.values::<f32>(key).unwrap());
        println!("{file}: relative error {error:.1e}");
        assert!(error < TOLERANCE, "{file}: {error}");
        net
    }};
}

#[test]
fn torchvisions_resnet18_gives_torchvisions_output() {
    for format in formats() {
        let net = compare!(
            Narrow,
            Rank4<2, 3, 35, 40>,
            format!("resnet18.f32.{format}"),
            "resnet18.f32"
        );
        // PyTorch's order, but for the alphabet in which safetensors sorts the same names.
        let saved = StateDict::read(data(&format!("resnet18.f32.{format}"))).unwrap();
        assert_eq!(saved.iter().filter(|(_, array)| array.dtype() == Dtype::I64).count(), 20);
        let counter = |name: &str| name.ends_with("num_batches_tracked");
        let mut names: Vec<_> = saved.iter().map(|(n, _)| n).filter(|n| !counter(n)).collect();
        let own = net.state_dict().unwrap();
        let mut own: Vec<_> = own.iter().map(|(name, _)| name).collect();
        if *format == "safetensors" {
            names.sort();
            own.sort();
        }
        assert_eq!(names, own);
    }
}

#[test]
fn numbered_layers_of_every_kind_give_pytorchs_output() {
    for dtype in ["f32", "f16", "f64"] {
        for format in formats() {
            let key = format!("layers.{dtype}");
            compare!(Layers, Rank4<3, 3, 8, 10>, format!("{key}.{format}"), &key);
        }
    }
    // NumPy has no such type.
    let key = "layers.bf16";
    compare!(Layers, Rank4<3, 3, 8, 10>, format!("{key}.safetensors"), key);
}

#[test]
fn modules_in_modules_give_pytorchs_output() {
    for format in formats() {
        let key = "sequence.f32";
        compare!(Sequence, Rank3<3, 2, 20>, format!("{key}.{format}"), key);
    }
}

#[test]
fn rounding_to_fewer_bits_is_pytorchs() {
    // PyTorch rounded the same numbers to 16, and to 32 bits; those in between are exact.
    let read = |dtype: &str| {
        StateDict::read_safetensors(data(&format!("layers.{dtype}.safetensors"))).unwrap()
    };
    let [narrow, single, wide] = ["bf16", "f32", "f64"].map(read);
    for (name, array) in wide.iter().filter(|(_, array)| array.dtype() == Dtype::F64) {
        assert_eq!(array.values::<f32>(), single.get(name).unwrap().values::<f32>(), "{name}");
        let bf16 = narrow.get(name).unwrap();
        assert_eq!(bf16.dtype(), Dtype::BF16);
        let (bf16, exact) = (bf16.values::<f64>().unwrap(), array.values::<f64>().unwrap());
        // Eight bits of precision.
        let near = |(&a, &b): (&f64, &f64)| (a - b).abs() <= b.abs() / 256.0 + 1e-30;
        assert!(bf16.iter().zip(&exact).all(near), "{name}");
    }
}

/// Writes weights below `model.` with an input and its output, and reads them back.
macro_rules! export {
    ($network:ty, $input:ty, $name:expr) => {{
        let dev = AutoDevice::seed_from_u64(7);
        let mut net = dev.build_module::<$network, f32>();
        // Running statistics, too, are to be others than a fresh network's.
        let mut weights = net.state_dict().unwrap();
        let names: Vec<String> = weights.iter().map(|(name, _)| name.to_owned()).collect();
        for (i, name) in names.iter().enumerate().filter(|(_, n)| !n.ends_with("weight")) {
            let shape = weights.get(name).unwrap().shape().to_vec();
            let positive = f64::from(u8::from(name.ends_with("running_var")));
            let values = noise(i as u64, shape.iter().product());
            let values = values.iter().map(|v| (v * 0.5 + positive) as f32).collect::<Vec<_>>();
            weights.insert(name, Array::of(&shape, &values).unwrap());
        }
        net.load_state_dict(&weights).unwrap();

        let x: Tensor<$input, f32, AutoDevice> = dev.sample_normal();
        let shape: Vec<usize> = x.shape().concrete().into();
        let y = net.forward(x.clone());
        let mut file = StateDict::new();
        file.merge("model.", net.state_dict().unwrap()).unwrap();
        file.insert("input", Array::of(&shape, &x.as_vec()).unwrap());
        let shape: Vec<usize> = y.shape().concrete().into();
        file.insert("output", Array::of(&shape, &y.as_vec()).unwrap());

        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("weights");
        fs::create_dir_all(&dir).unwrap();
        file.write_safetensors(dir.join(format!("{}.safetensors", $name))).unwrap();
        #[cfg(feature = "npz")]
        file.write_npz(dir.join(format!("{}.npz", $name))).unwrap();
        for format in formats() {
            let path = dir.join(format!("{}.{format}", $name));
            let mut other = dev.build_module::<$network, f32>();
            other.load_with(&path, &LoadOptions::new().prefix("model.")).unwrap();
            assert_eq!(other.state_dict().unwrap(), weights);
            let again = StateDict::read(&path).unwrap();
            let y = other.forward(x.clone()).as_vec();
            assert!(relative_error(&y, &again.values::<f32>("output").unwrap()) < TOLERANCE);
            let order =
                |dict: &StateDict| dict.iter().map(|(n, _)| n.to_owned()).collect::<Vec<_>>();
            assert_eq!(order(&again), order(&file));
        }
    }};
}

#[test]
fn files_for_pytorch_are_written_and_read_back() {
    export!(Narrow, Rank4<2, 3, 35, 40>, "resnet18");
    export!(Layers, Rank4<3, 3, 8, 10>, "layers");
    export!(Sequence, Rank3<3, 2, 20>, "sequence");
}
