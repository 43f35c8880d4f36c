//! Without the gradient of the input, all others are the same.

use shapewright::prelude::*;

net! {
    struct Convolution: [2, 6, 6] -> [3] {
        conv: Conv2d(3, kernel = 3), ReLU, Flatten, fc: Linear(3),
    }

    struct Norms: [2, 6, 6] -> [3] {
        first: BatchNorm2d, second: GroupNorm(2), conv: Conv2d(3, kernel = 3), GlobalAvgPool2d,
    }

    struct Branches: [2, 6, 6] -> [3] {
        Residual { a: Conv2d(2, kernel = 3, padding = 1) },
        Concat { { MaxPool2d(2) }, { AvgPool2d(2) }, { b: Conv2d(1, kernel = 2, stride = 2) } },
        Flatten,
        fc: Linear(3),
    }

    struct Joined: [2, 6, 6] -> [3] {
        Concat { { Tanh }, { Upsample(scale = 1) }, { Residual { ReLU } } },
        Sum { { GlobalMaxPool2d, fc: Linear(3) }, { GlobalAvgPool2d, gc: Linear(3) } },
    }
}

macro_rules! same_gradients {
    ($($name:ident: $Net:ident, $($field:ident)*;)*) => {$(
        #[test]
        fn $name() {
            let dev = AutoDevice::seed_from_u64(3);
            let mut net = dev.build_module::<$Net, f64>();
            let x: Tensor<Rank4<5, 2, 6, 6>, f64, _> = dev.sample_normal();
            let gradients = net.alloc_grads();
            let traced = net.forward_mut(x.clone().traced(gradients)).square().sum().backward();
            let gradients = net.alloc_grads();
            let data = net.forward_data(x, gradients).square().sum().backward();
            $({
                let [a, b] = [&traced, &data].map(|grads| grads.get(&net.$field.weight).as_vec());
                assert!(a.iter().any(|&a| a != 0.0), "no gradient");
                assert_eq!(a, b, stringify!($field));
            })*
        }
    )*};
}

same_gradients! {
    convolution: Convolution, conv fc;
    norms: Norms, first second conv;
    branches: Branches, a b fc;
    joined: Joined, fc gc;
}
