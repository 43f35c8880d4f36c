//! What the integration tests share: PyTorch's reference cases, numbers that look random, errors.

// Each test is a crate of its own and uses only some of these.
#![allow(dead_code)]

pub mod parameters;

use std::path::Path;

use dfdx::prelude::*;
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use serde_json::Value;
use shapewright_shape::{
    Activation, AdaptiveKind, AdaptivePool2d, Conv1d, Conv2d, ConvTranspose2d, Linear, Norm,
    NormKind, Padding, Pool1d, Pool2d, PoolKind, Upsample, UpsampleMode, ZeroPad2d,
};

/// A traced number.
pub type Tape64 = OwnedTape<f64, AutoDevice>;

/// The cases of `tests/data/`, computed by PyTorch.
pub struct Reference {
    cases: Vec<Case>,
    files: Vec<Vec<u8>>,
}

/// One operation with its options.
pub struct Case {
    /// Its name, which is the prefix of its tensors.
    pub id: String,
    /// Such as `conv2d`.
    pub op: String,
    config: Value,
}

impl Reference {
    /// Reads all files. `tools/reference.py` wrote `more_cases`.
    pub fn load() -> Self {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        let mut reference = Reference { cases: Vec::new(), files: Vec::new() };
        for name in ["cases", "more_cases"] {
            let json = std::fs::read(data.join(name).with_extension("json")).unwrap();
            let json: Value = serde_json::from_slice(&json).unwrap();
            let text = |v: &Value| v.as_str().unwrap().to_owned();
            reference.cases.extend(json["cases"].as_array().unwrap().iter().map(|c| Case {
                id: text(&c["id"]),
                op: text(&c["op"]),
                config: c["config"].clone(),
            }));
            let file = data.join(name).with_extension("safetensors");
            reference.files.push(std::fs::read(file).unwrap());
        }
        reference
    }

    fn find(&self, name: &str) -> TensorView<'_> {
        let tensor = |file| SafeTensors::deserialize(file).unwrap().tensor(name).ok();
        self.files.iter().find_map(|file| tensor(file)).unwrap_or_else(|| panic!("no {name}"))
    }

    /// All cases of an operation; there must be some.
    pub fn cases_of(&self, op: &str) -> Vec<&Case> {
        let cases: Vec<_> = self.cases.iter().filter(|c| c.op == op).collect();
        assert!(!cases.is_empty(), "no cases of {op}");
        cases
    }

    /// The case of this name.
    pub fn case(&self, id: &str) -> &Case {
        self.cases.iter().find(|c| c.id == id).unwrap_or_else(|| panic!("no case {id}"))
    }

    /// The classes of a batch.
    pub fn labels(&self, name: &str) -> Vec<usize> {
        let tensor = self.find(name);
        assert_eq!(tensor.dtype(), safetensors::Dtype::I64, "{name}");
        let (chunks, _) = tensor.data().as_chunks::<8>();
        chunks.iter().map(|&b| i64::from_le_bytes(b) as usize).collect()
    }

    /// The shape and elements of a tensor, such as `conv2d_000.gx`.
    pub fn tensor(&self, name: &str) -> (Vec<usize>, Vec<f32>) {
        let tensor = self.find(name);
        assert_eq!(tensor.dtype(), safetensors::Dtype::F32, "{name}");
        let (chunks, rest) = tensor.data().as_chunks::<4>();
        assert!(rest.is_empty());
        (tensor.shape().to_vec(), chunks.iter().map(|&b| f32::from_le_bytes(b)).collect())
    }
}

impl Case {
    /// The name of one of its tensors.
    pub fn name(&self, tensor: &str) -> String {
        format!("{}.{tensor}", self.id)
    }

    /// The losses of a network's training.
    pub fn losses(&self) -> Vec<f64> {
        self.config["losses"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
    }

    /// Its options as a convolution.
    pub fn conv2d(&self) -> Conv2d {
        Conv2d {
            in_channels: Some(self.number("in_channels")),
            stride: self.pair("stride"),
            padding: self.padding(),
            dilation: self.pair("dilation"),
            groups: self.number("groups"),
            bias: self.flag("bias"),
            ..Conv2d::new(self.number("out_channels"), self.pair("kernel"))
        }
    }

    /// Its options as a pool.
    pub fn pool2d(&self) -> Pool2d {
        let kind = match self.op.as_str() {
            "max_pool2d" => PoolKind::Max,
            "avg_pool2d" => PoolKind::Avg { count_include_pad: self.flag("count_include_pad") },
            op => panic!("{op} is no pool"),
        };
        Pool2d {
            kind,
            stride: self.pair("stride"),
            padding: self.padding(),
            ceil_mode: self.flag("ceil_mode"),
            ..Pool2d::max(self.pair("kernel"))
        }
    }

    /// Its options as a power average.
    pub fn lp_pool2d(&self) -> Pool2d {
        let p = self.config["p"].as_f64().unwrap();
        Pool2d { stride: self.pair("stride"), ..Pool2d::lp(self.pair("kernel"), p) }
    }

    /// Its options as an adaptive pool.
    pub fn adaptive_pool2d(&self) -> AdaptivePool2d {
        let kind = match self.op.as_str() {
            "adaptive_avg_pool2d" => AdaptiveKind::Avg,
            "adaptive_max_pool2d" => AdaptiveKind::Max,
            op => panic!("{op} is no adaptive pool"),
        };
        AdaptivePool2d { kind, output: Some(self.pair("output")) }
    }

    /// Its options as an upsampling.
    pub fn upsample(&self) -> Upsample {
        let [height, width] = self.pair("scale");
        let mode = match self.op.as_str() {
            "upsample_nearest" => UpsampleMode::Nearest,
            "upsample_bilinear" => {
                UpsampleMode::Bilinear { align_corners: self.flag("align_corners") }
            }
            op => panic!("{op} is no upsampling"),
        };
        Upsample { mode, ..Upsample::scale(height, width) }
    }

    /// Its options as a transposed convolution.
    pub fn conv_transpose2d(&self) -> ConvTranspose2d {
        ConvTranspose2d {
            in_channels: Some(self.number("in_channels")),
            stride: self.pair("stride"),
            padding: self.padding(),
            output_padding: self.pair("output_padding"),
            dilation: self.pair("dilation"),
            groups: self.number("groups"),
            bias: self.flag("bias"),
            ..ConvTranspose2d::new(self.number("out_channels"), self.pair("kernel"))
        }
    }

    /// Its options as a normalisation.
    pub fn norm(&self) -> Norm {
        let kind = match self.op.as_str() {
            "batch_norm2d" => NormKind::Batch2d { momentum: self.float("momentum") },
            "batch_norm1d" => NormKind::Batch1d { momentum: self.float("momentum") },
            "layer_norm" => NormKind::Layer,
            "group_norm" => NormKind::Group { groups: self.number("groups") },
            op => panic!("{op} is no normalisation"),
        };
        Norm { eps: self.float("eps"), ..Norm::new(kind) }
    }

    /// Whether a batch normalisation is in training.
    pub fn training(&self) -> bool {
        self.flag("train")
    }

    /// Its options as a convolution of sequences.
    pub fn conv1d(&self) -> Conv1d {
        Conv1d {
            in_channels: Some(self.number("in_channels")),
            stride: self.number("stride"),
            padding: self.padding(),
            dilation: self.number("dilation"),
            groups: self.number("groups"),
            bias: self.flag("bias"),
            ..Conv1d::new(self.number("out_channels"), self.number("kernel"))
        }
    }

    /// Its options as a pool of sequences.
    pub fn pool1d(&self) -> Pool1d {
        let base = Pool1d { stride: self.number("stride"), ..Pool1d::max(self.number("kernel")) };
        let padded =
            || Pool1d { padding: self.padding(), ceil_mode: self.flag("ceil_mode"), ..base };
        match self.op.as_str() {
            "max_pool1d" => Pool1d { dilation: self.number("dilation"), ..padded() },
            "avg_pool1d" => {
                let count_include_pad = self.flag("count_include_pad");
                Pool1d { kind: PoolKind::Avg { count_include_pad }, ..padded() }
            }
            "lp_pool1d" => Pool1d { kind: PoolKind::Lp { p: self.float("p") }, ..base },
            op => panic!("{op} is no pool"),
        }
    }

    /// Its options as a linear layer.
    pub fn linear(&self) -> Linear {
        Linear {
            in_features: Some(self.number("in_features")),
            bias: self.flag("bias"),
            ..Linear::new(self.number("out_features"))
        }
    }

    /// Its options as a padding.
    pub fn zero_pad2d(&self) -> ZeroPad2d {
        let side = |axis: usize, end: usize| self.config["padding"][axis][end].as_u64().unwrap();
        ZeroPad2d { padding: [0, 1].map(|axis| [0, 1].map(|end| side(axis, end) as usize)) }
    }

    /// Its function as an activation.
    pub fn activation(&self) -> Activation {
        match self.op.as_str() {
            "relu" => Activation::ReLU,
            "leaky_relu" => Activation::LeakyReLU { slope: self.float("slope") },
            "elu" => Activation::ELU { alpha: self.float("alpha") },
            "gelu" => Activation::GELU,
            "silu" => Activation::SiLU,
            "sigmoid" => Activation::Sigmoid,
            "tanh" => Activation::Tanh,
            "softplus" => Activation::Softplus,
            "softmax" => Activation::Softmax,
            "log_softmax" => Activation::LogSoftmax,
            op => panic!("{op} is no activation"),
        }
    }

    fn float(&self, key: &str) -> f64 {
        self.config[key].as_f64().unwrap_or_else(|| panic!("{}: {key}", self.id))
    }

    fn number(&self, key: &str) -> usize {
        self.config[key].as_u64().unwrap_or_else(|| panic!("{}: {key}", self.id)) as usize
    }

    fn flag(&self, key: &str) -> bool {
        self.config[key].as_bool().unwrap_or_else(|| panic!("{}: {key}", self.id))
    }

    fn pair(&self, key: &str) -> [usize; 2] {
        [0, 1].map(|i| self.config[key][i].as_u64().unwrap() as usize)
    }

    fn padding(&self) -> Padding {
        match &self.config["padding"] {
            Value::String(mode) if mode == "same" => Padding::Same,
            Value::Number(_) => Padding::ends(self.number("padding"), self.number("padding")),
            _ => {
                let [height, width] = self.pair("padding");
                Padding::symmetric(height, width)
            }
        }
    }
}

/// `‖out - reference‖ / ‖reference‖`.
pub fn relative_error<E: num_traits::Float>(out: &[E], reference: &[f32]) -> f64 {
    assert_eq!(out.len(), reference.len());
    let norm = |v: &mut dyn Iterator<Item = f64>| v.map(|v| v * v).sum::<f64>().sqrt();
    let wide = |v: &E| v.to_f64().unwrap();
    let difference = norm(&mut out.iter().zip(reference).map(|(o, &r)| wide(o) - f64::from(r)));
    difference / norm(&mut reference.iter().map(|&r| f64::from(r))).max(f64::MIN_POSITIVE)
}

/// `n` numbers in `-1..1` without ties or zeros, always the same for a seed.
pub fn noise(seed: u64, n: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = || {
        // xorshift64*
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let bits = state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 12;
        let v = bits as f64 / (1u64 << 51) as f64 - 1.0;
        // Far enough from a kink at 0 for a finite difference.
        v + v.signum() * 1e-3
    };
    std::iter::repeat_with(next).take(n).collect()
}
