//! In training, a max pool after a ReLU comes first: nobody can tell.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shapewright::prelude::*;

net! {
    struct Images: [2, 10, 10] -> [3] {
        ReLU, MaxPool2d(2),
        conv: Conv2d(4, kernel = 2), ReLU, MaxPool2d(3, stride = 1, padding = 1, ceil_mode = true),
        Flatten, fc: Linear(3),
    }

    struct Sequences: [2, 12] -> [3] {
        conv: Conv1d(4, kernel = 2), ReLU, MaxPool1d(3, stride = 2), Flatten, fc: Linear(3),
    }
}

/// Few different numbers, so that there are ties; most are not positive.
fn numbers(len: usize) -> Vec<f64> {
    let mut rng = StdRng::seed_from_u64(8);
    (0..len).map(|_| f64::from(rng.gen_range(-4i8..3))).collect()
}

macro_rules! same {
    ($($name:ident: $Net:ident, $Shape:ty, $($field:ident)*;)*) => {$(
        #[test]
        fn $name() {
            let dev = AutoDevice::seed_from_u64(3);
            let mut net = dev.build_module::<$Net, f64>();
            let x: Tensor<$Shape, f64, _> = dev.tensor(numbers(<$Shape>::default().num_elements()));
            let evaluated = net.forward(x.leaky_trace());
            let trained = net.forward_mut(x.leaky_trace());
            assert_eq!(evaluated.as_vec(), trained.as_vec());
            let [a, b] = [evaluated, trained].map(|y| y.square().sum().backward());
            assert_eq!(a.get(&x).as_vec(), b.get(&x).as_vec());
            assert!(a.get(&x).as_vec().iter().any(|&g| g != 0.0), "no gradient");
            $(
                assert_eq!(a.get(&net.$field.weight).as_vec(), b.get(&net.$field.weight).as_vec());
            )*
        }
    )*};
}

same! {
    images: Images, Rank4<4, 2, 10, 10>, conv fc;
    sequences: Sequences, Rank3<4, 2, 12>, conv fc;
}
