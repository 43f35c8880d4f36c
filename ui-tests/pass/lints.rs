//! The programs of `ui-tests/fail/lints` as they should be, and as they were, but allowed.
#![deny(warnings)]

use shapewright::prelude::*;

mod fixed {
    use shapewright::prelude::*;

    net! {
        pub struct Rows: [3, 28, 30] -> [10] {
            conv1: Conv2d(8, kernel = 3, padding = 1), ReLU,
            pool1: MaxPool2d(2),
            pool2: AvgPool2d(4, stride = 3, ceil_mode = true),
            Flatten,
            fc: Linear(200 -> 10),
        }

        pub struct Strides: [3, 32, 33] -> [10] {
            Conv2d(8, kernel = 3, stride = 2, padding = 1), ReLU,
            Conv2d(8, kernel = 2, stride = 2, padding = ((0, 0), (0, 1))), ReLU,
            // A stride larger than the kernel means to leave some out.
            Conv2d(8, kernel = 1, stride = 2), ReLU,
            GlobalAvgPool2d,
            Linear(10),
        }

        pub struct Norms: [3, 32, 32] -> [10] {
            stem: { conv: Conv2d(8, kernel = 3, padding = 1, bias = false), bn: BatchNorm2d }, ReLU,
            Residual {
                Conv2d(8, kernel = 3, padding = 1, bias = false), BatchNorm2d,
            },
            GlobalAvgPool2d,
            fc: Linear(16, bias = false), BatchNorm1d, ReLU,
            Linear(10),
        }

        pub struct Padding: [3, 32, 32] -> [10] {
            conv: Conv2d(8, kernel = 1, padding = 0), ReLU,
            Conv2d(8, kernel = 3, padding = full), ReLU,
            GlobalAvgPool2d,
            Linear(10),
        }

        pub struct Logits: [3, 32, 32] -> [10] {
            Conv2d(8, kernel = 3), ReLU,
            GlobalAvgPool2d,
            Linear(10),
        }

        /// No deeper than the smallest image can use, and deeper, with shortcuts.
        pub struct Deep: [4, 8, 8] -> [10] {
            Repeat<7> { Conv2d(4, kernel = 3, padding = same), ReLU },
            Conv2d(4, kernel = 1), ReLU,
            GlobalAvgPool2d,
            Linear(10),
        }

        pub struct Residuals: [4, 8, 8] -> [10] {
            Repeat<20> {
                Residual { Conv2d(4, kernel = 3, padding = same, bias = false), BatchNorm2d, ReLU },
            },
            GlobalAvgPool2d,
            Linear(10),
        }

        /// To an image again, after all of one has been seen.
        pub struct Decoder: [1, 8, 8] -> [1, 8, 8] {
            Conv2d(4, kernel = 8), ReLU,
            Conv2d(4, kernel = 1), ReLU,
            Upsample(scale = 8),
            Conv2d(1, kernel = 3, padding = 1),
        }

        pub struct Linears: [1, 16, 16] -> [10] {
            Flatten,
            fc1: Linear(256 -> 64), ReLU,
            Dropout(0.2),
            fc2: Linear(64 -> 10), ReLU,
            // Two small matrices in place of a large one.
            Linear(2), Linear(10),
        }
    }
}

mod allowed {
    use shapewright::prelude::*;

    net! {
        /// Lints of rustc are passed on.
        #[allow(shapewright::bias_before_norm, dead_code, reason = "as published")]
        #[allow(shapewright::softmax_at_the_end, reason = "trained elsewhere")]
        pub(super) struct AsPublished: [3, 13, 13] -> [10] {
            /// All lints of a step in one attribute.
            #[allow(shapewright::dropped_rows, shapewright::padding_beyond_kernel)]
            conv1: Conv2d(8, kernel = 2, stride = 2, padding = ((0, 0), (3, 0))), BatchNorm2d,
            #[allow(shapewright::dropped_rows)]
            { pool1: MaxPool2d(4) },
            #[deny(shapewright::linear_after_linear)]
            {
                Flatten,
                Linear(20),
                #[allow(shapewright::linear_after_linear)]
                Linear(10),
            },
            Softmax,
        }
    }
}

fn main() {
    let dev = Cpu::default();
    let net = dev.build_module::<fixed::Logits, f32>();
    let x = dev.sample_normal::<Rank4<2, 3, 32, 32>>();
    let probabilities = net.forward(x).softmax::<Axis<1>>();
    assert!((probabilities.sum::<Rank0, _>().array() - 2.0).abs() < 1e-5);
    assert_eq!(allowed::AsPublished::<f32, Cpu>::OUTPUT, [10]);
    assert_eq!(fixed::Deep::OUTPUT, fixed::Linears::OUTPUT);
}
