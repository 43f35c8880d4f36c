//! What is measured.

use serde_json::{Value, json};

/// A layer or network and its input.
pub struct Work {
    pub name: &'static str,
    pub op: Op,
    /// `[batch, channels, height, width]`.
    pub input: [usize; 4],
}

pub enum Op {
    /// Without a bias; the window is `[kernel, stride, padding]`.
    Conv2d {
        out_channels: usize,
        window: [usize; 3],
    },
    MaxPool2d {
        window: [usize; 3],
    },
    /// As in training.
    BatchNorm2d,
    LeNet,
    ResNet18,
}

pub fn works() -> Vec<Work> {
    let conv = |name, in_channels, out_channels, side, window| Work {
        name,
        op: Op::Conv2d { out_channels, window },
        input: [64, in_channels, side, side],
    };
    let other = |name, op, input| Work { name, op, input };
    vec![
        conv("resnet_stem", 3, 64, 224, [7, 2, 3]),
        conv("resnet_64", 64, 64, 56, [3, 1, 1]),
        conv("resnet_128", 128, 128, 28, [3, 1, 1]),
        conv("resnet_256", 256, 256, 14, [3, 1, 1]),
        conv("resnet_512", 512, 512, 7, [3, 1, 1]),
        conv("resnet_down_128", 64, 128, 56, [3, 2, 1]),
        conv("resnet_down_256", 128, 256, 28, [3, 2, 1]),
        conv("resnet_down_512", 256, 512, 14, [3, 2, 1]),
        conv("resnet_skip_128", 64, 128, 56, [1, 2, 0]),
        conv("resnet_skip_256", 128, 256, 28, [1, 2, 0]),
        conv("resnet_skip_512", 256, 512, 14, [1, 2, 0]),
        other("resnet_pool", Op::MaxPool2d { window: [3, 2, 1] }, [64, 64, 112, 112]),
        other("resnet_norm", Op::BatchNorm2d, [64, 64, 112, 112]),
        other("resnet_norm_512", Op::BatchNorm2d, [64, 512, 7, 7]),
        other("lenet", Op::LeNet, [1024, 3, 32, 32]),
        other("resnet18", Op::ResNet18, [64, 3, 224, 224]),
    ]
}

impl Work {
    /// The same with shapes that a processor computes in no time.
    pub fn tiny(self) -> Self {
        let [_, channels, height, width] = self.input;
        let (most_channels, most_pixels) = match self.op {
            Op::LeNet | Op::ResNet18 => (3, 32),
            _ => (8, 14),
        };
        let op = match self.op {
            Op::Conv2d { window, .. } => Op::Conv2d { out_channels: 8, window },
            op => op,
        };
        let input =
            [2, channels.min(most_channels), height.min(most_pixels), width.min(most_pixels)];
        Work { op, input, ..self }
    }

    pub fn passes(&self) -> &'static [&'static str] {
        match self.op {
            Op::LeNet | Op::ResNet18 => &["forward", "training_step"],
            _ => &["forward", "forward_backward"],
        }
    }

    /// For PyTorch to do the same.
    pub fn describe(&self) -> Value {
        let mut row = match self.op {
            Op::Conv2d { out_channels, window } => {
                json!({ "op": "conv2d", "out_channels": out_channels, "window": window })
            }
            Op::MaxPool2d { window } => json!({ "op": "max_pool2d", "window": window }),
            Op::BatchNorm2d => json!({ "op": "batch_norm2d" }),
            Op::LeNet => json!({ "op": "lenet" }),
            Op::ResNet18 => json!({ "op": "resnet18" }),
        };
        row["name"] = json!(self.name);
        row["input"] = json!(self.input);
        row
    }
}
