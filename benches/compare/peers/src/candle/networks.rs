//! LeNet and ResNet-18 in candle. Its SGD has no momentum.

use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::{
    BatchNorm, Conv2d, Conv2dConfig, Linear, Module, ModuleT, Optimizer, SGD, VarBuilder, VarMap,
    batch_norm, conv2d, conv2d_no_bias, linear, loss,
};

use super::{Found, tensor};
use crate::rows::Row;

pub fn work(row: &Row) -> Found {
    let variables = VarMap::new();
    let builder = VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu);
    let net: Box<dyn ModuleT> = match row.op.as_str() {
        "lenet" => Box::new(LeNet::new(builder)?),
        _ => Box::new(ResNet18::new(builder)?),
    };
    let x = tensor(&row.size.input, 1)?;
    if row.pass != "training_step" {
        let run = move || net.forward_t(&x, false);
        run()?;
        return Ok(Some(crate::unread(move || drop(run().expect("what ran before")))));
    }
    let batch = x.dim(0)? as u32;
    let classes = net.forward_t(&x, false)?.dim(1)? as u32;
    let labels = Tensor::from_iter((0..batch).map(|i| i % classes), &Device::Cpu)?;
    let mut sgd = SGD::new(variables.all_vars(), 1e-3)?;
    let mut step = move || {
        let logits = net.forward_t(&x, true)?;
        sgd.backward_step(&loss::cross_entropy(&logits, &labels)?)
    };
    step()?;
    Ok(Some(crate::unread(move || step().expect("what ran before"))))
}

fn window([_, stride, padding]: [usize; 3]) -> Conv2dConfig {
    Conv2dConfig { stride, padding, ..Conv2dConfig::default() }
}

struct LeNet {
    convs: [Conv2d; 2],
    linears: [Linear; 3],
}

impl LeNet {
    fn new(b: VarBuilder) -> Result<Self> {
        Ok(LeNet {
            convs: [
                conv2d(3, 6, 5, Conv2dConfig::default(), b.pp("conv1"))?,
                conv2d(6, 16, 5, Conv2dConfig::default(), b.pp("conv2"))?,
            ],
            linears: [
                linear(400, 120, b.pp("fc1"))?,
                linear(120, 84, b.pp("fc2"))?,
                linear(84, 10, b.pp("fc3"))?,
            ],
        })
    }
}

impl ModuleT for LeNet {
    fn forward_t(&self, x: &Tensor, _: bool) -> Result<Tensor> {
        let mut x = x.clone();
        for conv in &self.convs {
            x = conv.forward(&x)?.relu()?.max_pool2d(2)?;
        }
        let [fc1, fc2, fc3] = &self.linears;
        let x = fc1.forward(&x.flatten_from(1)?)?.relu()?;
        fc3.forward(&fc2.forward(&x)?.relu()?)
    }
}

/// A convolution and a batch normalisation.
struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

impl ConvNorm {
    fn new([inputs, outputs]: [usize; 2], size: [usize; 3], b: VarBuilder) -> Result<Self> {
        Ok(ConvNorm {
            conv: conv2d_no_bias(inputs, outputs, size[0], window(size), b.pp("conv"))?,
            norm: batch_norm(outputs, 1e-5, b.pp("norm"))?,
        })
    }
}

impl ModuleT for ConvNorm {
    fn forward_t(&self, x: &Tensor, training: bool) -> Result<Tensor> {
        self.norm.forward_t(&self.conv.forward(x)?, training)
    }
}

struct Block {
    first: ConvNorm,
    second: ConvNorm,
    shortcut: Option<ConvNorm>,
}

impl Block {
    fn new(inputs: usize, outputs: usize, stride: usize, b: VarBuilder) -> Result<Self> {
        let shortcut = match stride {
            1 => None,
            _ => Some(ConvNorm::new([inputs, outputs], [1, stride, 0], b.pp("shortcut"))?),
        };
        Ok(Block {
            first: ConvNorm::new([inputs, outputs], [3, stride, 1], b.pp("first"))?,
            second: ConvNorm::new([outputs; 2], [3, 1, 1], b.pp("second"))?,
            shortcut,
        })
    }
}

impl ModuleT for Block {
    fn forward_t(&self, x: &Tensor, training: bool) -> Result<Tensor> {
        let y = self.first.forward_t(x, training)?.relu()?;
        let y = self.second.forward_t(&y, training)?;
        match &self.shortcut {
            Some(shortcut) => (y + shortcut.forward_t(x, training)?)?.relu(),
            None => (y + x)?.relu(),
        }
    }
}

struct ResNet18 {
    stem: ConvNorm,
    blocks: Vec<Block>,
    fc: Linear,
}

impl ResNet18 {
    fn new(b: VarBuilder) -> Result<Self> {
        let mut blocks = Vec::new();
        for (inputs, outputs, stride) in [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)] {
            blocks.push(Block::new(inputs, outputs, stride, b.pp(format!("{outputs}.0")))?);
            blocks.push(Block::new(outputs, outputs, 1, b.pp(format!("{outputs}.1")))?);
        }
        let stem = ConvNorm::new([3, 64], [7, 2, 3], b.pp("stem"))?;
        Ok(ResNet18 { stem, blocks, fc: linear(512, 1000, b.pp("fc"))? })
    }
}

impl ModuleT for ResNet18 {
    fn forward_t(&self, x: &Tensor, training: bool) -> Result<Tensor> {
        let x = self.stem.forward_t(x, training)?.relu()?;
        // Its pools have no padding; zeros serve as well, since nothing is negative here.
        let x = x.pad_with_zeros(2, 1, 1)?.pad_with_zeros(3, 1, 1)?;
        let mut x = x.max_pool2d_with_stride(3, 2)?;
        for block in &self.blocks {
            x = block.forward_t(&x, training)?;
        }
        self.fc.forward(&x.mean(D::Minus1)?.mean(D::Minus1)?)
    }
}
