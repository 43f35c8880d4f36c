//! The sizes of operations that make planes of planes.

use cudarc::driver::DeviceRepr;

/// The `Resize` of `common.cuh`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Resize {
    planes: u32,
    input: [u32; 2],
    output: [u32; 2],
}

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Resize {}

impl Resize {
    /// `input` and `output` are heights and widths.
    pub fn new(planes: usize, input: [usize; 2], output: [usize; 2]) -> Self {
        let [input, output] = [input, output].map(|size| size.map(|n| n as u32));
        Resize { planes: planes as u32, input, output }
    }

    /// The pixels of all inputs.
    pub fn inputs(&self) -> usize {
        self.pixels(self.input)
    }

    /// The pixels of all outputs.
    pub fn outputs(&self) -> usize {
        self.pixels(self.output)
    }

    fn pixels(&self, [height, width]: [u32; 2]) -> usize {
        [self.planes, height, width].into_iter().map(|n| n as usize).product()
    }
}
