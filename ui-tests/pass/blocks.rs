//! Every block, nested, named and not, in a module, in a function, from another macro, with const
//! parameters and open sizes; nothing is left undocumented or unused.

#![deny(warnings, missing_docs, clippy::all)]

use shapewright::prelude::*;

/// Blocks for others.
pub mod blocks {
    use shapewright::prelude::net;

    /// A constant of this module.
    pub const MID: usize = 4;

    net! {
        /// A bottleneck.
        pub struct Bottleneck<const C: usize, const STRIDE: usize>:
            for<H, W> [C, H, W] -> [C, _, _]
        {
            Residual {
                reduce: Conv2d(MID, kernel = 1),
                ReLU,
                /// The widest layer.
                conv: Conv2d(MID, kernel = 3, stride = STRIDE, padding = 1),
                ReLU,
                expand: Conv2d(C, kernel = 1),
            } shortcut {
                AvgPool2d(1, stride = STRIDE),
            },
        }

        /// A head.
        pub struct Head<const CLASSES: usize>: [8] -> [CLASSES] { fc: Linear(CLASSES) }
    }
}

macro_rules! declare {
    ($name:ident, $rounds:literal, $classes:literal) => {
        net! {
            struct $name: [3, 16, 16] -> [$classes] {
                stem: Conv2d(8, kernel = 3, padding = 1),
                /// Several.
                body: Repeat<$rounds> { blocks::Bottleneck<8, 1>, LeakyReLU },
                blocks::Bottleneck<8, 2>,
                Sum {
                    {},
                    { Conv2d(8, kernel = 3, padding = 1), Tanh },
                    { inner: { a: Conv2d(2, kernel = 1), b: { c: Conv2d(8, kernel = 1) } } },
                },
                Repeat<{ blocks::MID / 2 }> { Dropout2d(0.1), Conv2d(8, kernel = 1) },
                GlobalAvgPool2d,
                head: blocks::Head<$classes>,
            }
        }
    };
}

declare!(Two, 2, 5);

fn main() {
    const SIZE: usize = 6;
    net! {
        struct Local: [1, SIZE, SIZE] -> [_, SIZE, _] {
            Concat { {}, { conv: Conv2d(SIZE, kernel = 3, padding = same) }, { MinPool2d(1) } },
            => [8, 6, 6],
        }
        struct Open: for<W> [2, 1, W] -> [2, 1, W] { Residual { Residual { Tanh } } }
    }
    let dev = Cpu::default();
    let mut net = dev.build_module::<Two, f32>();
    let x: Tensor<Rank4<2, 3, 16, 16>, f32, _> = dev.sample_normal();
    let y: Tensor<Rank2<2, 5>, f32, _> = net.forward(x.clone());
    assert!(y.as_vec().iter().all(|v| v.is_finite()));
    let grads = net.forward_mut(x.traced(net.alloc_grads())).square().mean().backward();
    let conv = &net.body[1]._0.conv.weight;
    assert!(grads.get(conv).as_vec().iter().any(|g| *g != 0.0));
    assert!(grads.get(&net.inner.b.c.weight).as_vec().iter().any(|g| *g != 0.0));
    assert!(grads.get(&net._6[1]._1.weight).as_vec().iter().any(|g| *g != 0.0));
    assert_eq!(net.num_trainable_params(), Two::PARAMETERS);

    let local = dev.build_module::<Local, f64>();
    let y: Tensor<Rank4<1, 8, 6, 6>, f64, _> = local.forward(dev.zeros::<Rank4<1, 1, 6, 6>>());
    let open = dev.build_module::<Open, f32>();
    let z: Tensor<Rank3<2, 1, 7>, f32, _> = open.forward_one(dev.zeros::<Rank3<2, 1, 7>>());
    println!("{} {}", y.as_vec().len(), z.as_vec().len());
}
