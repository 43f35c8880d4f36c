//! Receptive fields: <https://distill.pub/2019/computing-receptive-fields/>.

use crate::{
    AdaptivePool2d, Axis, Layer, NormKind, Shape, Upsample, UpsampleMode, UpsampleSize, Window,
};

/// What one pixel depends on, along each axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReceptiveField {
    /// The input image, or `None` for features.
    image: Option<[usize; 2]>,
    size: [f64; 2],
    /// Distance in the input between neighbouring pixels here.
    jump: [f64; 2],
}

impl ReceptiveField {
    /// A pixel of the input is its own; a sequence is an image of one row.
    pub fn of_input(input: Shape) -> Self {
        let image = (input.rank() > 1).then(|| match input.rank() {
            2 => [1, input.dim(1)],
            _ => [input.dim(1), input.dim(2)],
        });
        ReceptiveField { image, size: [1.0, 1.0], jump: [1.0, 1.0] }
    }

    /// After a layer whose input is `x`.
    pub fn after(self, layer: &Layer, x: Shape) -> Self {
        let both = [Axis::Height, Axis::Width];
        match layer {
            Layer::Conv2d(conv) => self.windows(both.map(|axis| conv.window(axis))),
            Layer::Pool2d(pool) => self.windows(both.map(|axis| pool.window(axis))),
            Layer::Conv1d(conv) => self.windows(both.map(|axis| conv.image().window(axis))),
            Layer::Pool1d(pool) => self.windows(both.map(|axis| pool.image().window(axis))),
            Layer::ConvTranspose2d(conv) => self.painted(both.map(|axis| conv.window(axis))),
            Layer::AdaptivePool2d(pool) => self.bins(pool, x),
            Layer::Linear(_) => self.all(),
            Layer::Norm(norm) => match norm.kind {
                // In evaluation, by constants.
                NormKind::Batch2d { .. } | NormKind::Batch1d { .. } => self,
                NormKind::Layer | NormKind::Group { .. } => self.all(),
            },
            // A pixel of the channels' softmax depends on the pixels under it.
            Layer::Flatten
            | Layer::Activation(_)
            | Layer::Dropout(_)
            | Layer::Dropout2d(_)
            | Layer::ZeroPad2d(_) => self,
            Layer::Upsample(upsample) => self.between(upsample, x),
            // Neighbours there need not be neighbours in the image.
            Layer::Reshape(_) => self.all(),
        }
    }

    fn windows(self, windows: [Window; 2]) -> Self {
        let reaches = windows.map(|w| ((w.kernel - 1) * w.dilation) as f64);
        self.slide(reaches, windows.map(|w| w.stride as f64))
    }

    /// As many pixels as paint the same one.
    fn painted(self, windows: [Window; 2]) -> Self {
        let pixels = windows.map(|w| ((w.kernel - 1) * w.dilation + 1).div_ceil(w.stride));
        self.slide(pixels.map(|n| (n - 1) as f64), windows.map(|w| 1.0 / w.stride as f64))
    }

    /// Bins as windows of the largest one's size.
    fn bins(self, pool: &AdaptivePool2d, x: Shape) -> Self {
        let Some(size) = pool.output else { return self.all() };
        let strides = [0, 1].map(|i| x.dim(i + 1) as f64 / size[i] as f64);
        self.slide([0, 1].map(|i| (largest_bin(x.dim(i + 1), size[i]) - 1) as f64), strides)
    }

    /// Pixels of a smaller size, taken one at a time or two.
    fn between(self, upsample: &Upsample, x: Shape) -> Self {
        let reach = if upsample.mode == UpsampleMode::Nearest { 0.0 } else { 1.0 };
        let strides = match (upsample.size, [x.dim(1) as f64, x.dim(2) as f64]) {
            (UpsampleSize::Scale(scale), _) => scale.map(|scale| 1.0 / scale as f64),
            (UpsampleSize::Size([h, w]), [x, y]) => [x / h as f64, y / w as f64],
        };
        self.slide([reach, reach], strides)
    }

    /// `size + reach · jump`, where a window's reach is `(kernel - 1) · dilation`, and
    /// `jump · stride`.
    fn slide(mut self, reaches: [f64; 2], strides: [f64; 2]) -> Self {
        for i in 0..2 {
            self.size[i] += reaches[i] * self.jump[i];
            self.jump[i] *= strides[i];
        }
        self
    }

    /// Where two branches come together: the larger of the two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.join(other, f64::max)
    }

    /// Where two branches come together: what the pixel sees along either.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.join(other, f64::min)
    }

    fn join(mut self, other: Self, of: fn(f64, f64) -> f64) -> Self {
        for i in 0..2 {
            self.size[i] = of(self.size[i], other.size[i]);
            self.jump[i] = of(self.jump[i], other.jump[i]);
        }
        self
    }

    /// Everything.
    fn all(self) -> Self {
        ReceptiveField { size: [f64::INFINITY; 2], ..self }
    }

    /// Its height and width, cut to the image; `None` if features came in.
    pub fn size(&self) -> Option<[usize; 2]> {
        let image = self.image?;
        Some([0, 1].map(|i| ceil(self.size[i].min(image[i] as f64))))
    }

    /// Its height and width, if windows alone have made it so large that even a pixel in a corner
    /// sees all of the image: from twice the image on, less the pixel itself.
    pub fn beyond(&self) -> Option<[usize; 2]> {
        let image = self.image?;
        let beyond =
            |i: usize| self.size[i].is_finite() && self.size[i] >= 2.0 * image[i] as f64 - 1.0;
        (beyond(0) && beyond(1)).then(|| self.size.map(ceil))
    }
}

/// `f64::ceil`, which `core` does not have.
fn ceil(x: f64) -> usize {
    let n = x as usize;
    n + ((n as f64) < x) as usize
}

/// A bin starts at a multiple of `gcd(input, output) / output` within its first pixel; the later,
/// the more pixels it touches.
fn largest_bin(input: usize, output: usize) -> usize {
    (input + output - gcd(input, output)).div_ceil(output)
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bin;

    #[test]
    fn the_largest_bin_is_the_largest_of_all() {
        for input in 1..30 {
            for output in 1..30 {
                let len = |i| {
                    let (start, end) = bin(i, input, output);
                    end - start
                };
                assert_eq!(largest_bin(input, output), (0..output).map(len).max().unwrap());
            }
        }
    }
}
