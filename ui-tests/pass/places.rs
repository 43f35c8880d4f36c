//! Networks in every place where an item can stand, without warnings.
#![deny(warnings, missing_docs)]

use shapewright::prelude::*;

/// Sizes.
pub mod sizes {
    /// Image size.
    pub const D: usize = 8;
    /// Channels.
    pub const E: usize = 2;
}

/// Networks.
pub mod models {
    use super::sizes::{D, E};
    use shapewright::prelude::net;

    net! {
        /// A network in a module. Its constants have the names of the generated parameters.
        pub struct Inner: [E, D, { super::sizes::D }] -> [self::CLASSES] {
            /// Finds edges.
            edges: Conv2d(E, kernel = 3, padding = same),
            ReLU,
            Flatten,
            /// Decides.
            fc: Linear(CLASSES),
        }

        pub(super) struct Second: [3] -> [3] {
            Linear(3)
        }

        #[cfg(any())]
        pub struct NotCompiled: [3] -> [3] {
            Linear(3)
        }
    }

    const CLASSES: usize = 5;
}

macro_rules! classifier {
    ($name:ident, $classes:literal) => {
        net! {
            /// Made by another macro.
            pub struct $name: [4] -> [$classes] {
                fc: Linear(4 -> $classes),
                LogSoftmax,
            }
        }
    };
}

classifier!(Three, 3);

fn main() {
    const HIDDEN: usize = 7;
    net! {
        struct Local: [4] -> [2] {
            Linear(HIDDEN),
            Tanh,
            Linear(2),
        }
    }

    let dev = Cpu::default();
    let net = dev.build_module::<Local, f32>();
    let y: Tensor<Rank2<6, 2>, f32, _> = net.forward(dev.ones::<Rank2<6, 4>>());
    assert!(y.as_vec().iter().all(|v| v.is_finite()));
    assert_eq!(Local::PARAMETERS, 4 * 7 + 7 + 7 * 2 + 2);

    let net = dev.build_module::<models::Inner, f64>();
    let y: Tensor<Rank1<5>, f64, _> = net.forward_one(dev.ones::<Rank3<2, 8, 8>>());
    assert_eq!(y.shape().concrete(), models::Inner::OUTPUT);
    let _ = dev.build_module::<models::Second, f32>();

    let y: Tensor<Rank1<3>, f32, _> =
        dev.build_module::<Three, f32>().forward_one(dev.ones::<Rank1<4>>());
    assert!((y.exp().sum().array() - 1.0).abs() < 1e-6);
}
