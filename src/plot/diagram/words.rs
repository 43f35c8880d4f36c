//! Layers in as few words as pictures have room for.

use crate::shape::{AdaptivePool2d, Layer, Upsample, UpsampleSize};

/// The layer's name and what it does to the size: `Conv2d`, `3×3`, `stride 2`. Padding is left out,
/// and so is what a picture shows by itself, such as the channels.
pub fn lines(layer: &Layer) -> Vec<String> {
    let mut lines = vec![layer.name().to_string()];
    match layer {
        Layer::Conv2d(conv) => {
            lines.extend(window(conv.kernel, conv.stride, [1; 2], conv.dilation));
            lines.extend(unless(1, conv.groups, "groups"));
        }
        Layer::Conv1d(conv) => {
            lines.push(format!("kernel {}", conv.kernel));
            lines.extend(unless(1, conv.stride, "stride"));
            lines.extend(unless(1, conv.dilation, "dilation"));
            lines.extend(unless(1, conv.groups, "groups"));
        }
        Layer::ConvTranspose2d(conv) => {
            lines.extend(window(conv.kernel, conv.stride, [1; 2], conv.dilation));
            lines.extend(unless(1, conv.groups, "groups"));
        }
        Layer::Pool2d(pool) => {
            lines.extend(window(pool.kernel, pool.stride, pool.kernel, pool.dilation));
        }
        Layer::Pool1d(pool) => {
            lines.push(format!("kernel {}", pool.kernel));
            lines.extend(unless(pool.kernel, pool.stride, "stride"));
            lines.extend(unless(1, pool.dilation, "dilation"));
        }
        Layer::AdaptivePool2d(AdaptivePool2d { output: Some(size), .. })
        | Layer::Upsample(Upsample { size: UpsampleSize::Size(size), .. }) => {
            lines.push(format!("to {}", sides(*size)));
        }
        Layer::Upsample(Upsample { size: UpsampleSize::Scale([h, w]), .. }) => {
            let scale = if h == w { format!("× {h}") } else { format!("× ({h}, {w})") };
            lines.push(scale);
        }
        Layer::Linear(_)
        | Layer::AdaptivePool2d(_)
        | Layer::Norm(_)
        | Layer::Flatten
        | Layer::Activation(_)
        | Layer::Dropout(_)
        | Layer::Dropout2d(_)
        | Layer::ZeroPad2d(_)
        | Layer::Reshape(_) => {}
    }
    lines
}

/// `3×3`, then the stride and the dilation where they are not the usual ones.
fn window(
    kernel: [usize; 2],
    stride: [usize; 2],
    usual_stride: [usize; 2],
    dilation: [usize; 2],
) -> Vec<String> {
    let mut words = vec![sides(kernel)];
    words.extend(unless_both(usual_stride, stride, "stride"));
    words.extend(unless_both([1; 2], dilation, "dilation"));
    words
}

/// `stride 2`, or `stride (2, 1)`; nothing for the usual numbers.
fn unless_both(usual: [usize; 2], [h, w]: [usize; 2], word: &str) -> Option<String> {
    let text = if h == w { format!("{word} {h}") } else { format!("{word} ({h}, {w})") };
    ([h, w] != usual).then_some(text)
}

fn unless(usual: usize, number: usize, word: &str) -> Option<String> {
    (number != usual).then(|| format!("{word} {number}"))
}

/// `3×5`.
fn sides([h, w]: [usize; 2]) -> String {
    format!("{h}×{w}")
}

/// `6 × 28 × 28`.
pub fn dims(dims: &[usize]) -> String {
    dims.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}
