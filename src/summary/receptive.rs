//! Receptive fields: <https://distill.pub/2019/computing-receptive-fields/>.

use crate::shape::{Axis, Layer, Shape, Window};

/// What one pixel depends on, along each axis.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// The input image, or `None` for features.
    image: Option<[usize; 2]>,
    size: [usize; 2],
    /// Distance in the input between neighbouring pixels here.
    jump: [usize; 2],
}

impl Field {
    pub fn of_input(input: Shape) -> Self {
        let image = (input.rank() > 1).then(|| match input.rank() {
            2 => [1, input.dim(1)],
            _ => [input.dim(1), input.dim(2)],
        });
        Field { image, size: [1, 1], jump: [1, 1] }
    }

    /// `size + (kernel - 1) · dilation · jump`, and `jump · stride`.
    pub fn after(mut self, layer: &Layer) -> Self {
        let windows: [Window; 2] = match layer {
            Layer::Conv2d(conv) => [Axis::Height, Axis::Width].map(|axis| conv.window(axis)),
            Layer::Pool2d(pool) => [Axis::Height, Axis::Width].map(|axis| pool.window(axis)),
            Layer::Linear(_) => return self.all(),
            // A pixel of the channels' softmax depends on the pixels under it.
            Layer::Flatten | Layer::Activation(_) | Layer::Dropout(_) => return self,
        };
        for (i, window) in windows.iter().enumerate() {
            let reach = (window.kernel - 1) * window.dilation;
            self.size[i] = self.size[i].saturating_add(reach.saturating_mul(self.jump[i]));
            self.jump[i] = self.jump[i].saturating_mul(window.stride);
        }
        self
    }

    /// Everything.
    fn all(self) -> Self {
        Field { size: [usize::MAX; 2], ..self }
    }

    pub fn size(&self) -> Option<[usize; 2]> {
        let [h, w] = self.image?;
        Some([self.size[0].min(h), self.size[1].min(w)])
    }
}
