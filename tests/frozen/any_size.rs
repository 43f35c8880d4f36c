//! A network for any size is frozen for one.

use shapewright::Error;
use shapewright::prelude::*;

use super::assert_agree;

net! {
    struct Any: for<H, W> [3, H, W] -> [4, _, _] {
        Conv2d(8, kernel = 3, padding = 1, bias = false), BatchNorm2d, ReLU, MaxPool2d(2), Conv2d(4, kernel = 3),
    }

    /// Variables whose names in lower case are no names.
    struct Words: for<IN, AS> [3, IN, AS] -> [4, _, _] { Conv2d(4, kernel = 3) }

    struct Wide<const C: usize>: [3, 16, 8] -> [C, _, _] {
        Conv2d(C, kernel = 3), ReLU,
    }
}

#[test]
fn one_of_many_sizes() {
    let dev = Cpu::seed_from_u64(0);
    let net = dev.build_module::<Any, f32>();
    let engine = net.freeze(20, 14).unwrap();
    assert_eq!(format!("{engine:?}"), "Frozen([3, 20, 14] -> [4, 8, 5])");
    assert_agree(&net, &engine, dev.sample_normal_like(&(5, Const::<3>, Const::<20>, Const::<14>)));
    assert_agree(&net, &engine, dev.sample_normal_like(&(5, Const::<3>, 20, 14)));
    let other = engine.try_forward(dev.sample_normal_like(&(5, Const::<3>, 14, 20)));
    let message = "the network was frozen for inputs of (3, 20, 14), alone or in a batch, but this \
                   is (5, 3, 14, 20)";
    assert_eq!(other.unwrap_err().to_string(), message);
    assert!(matches!(net.freeze(3, 3), Err(Error::Step { .. })));
}

#[test]
fn any_names_of_variables() {
    let dev = Cpu::seed_from_u64(0);
    let net = dev.build_module::<Words, f32>();
    let engine = net.freeze(8, 6).unwrap();
    assert_agree(&net, &engine, dev.sample_normal_like(&(2, Const::<3>, 8, 6)));
}

#[test]
fn const_parameters() {
    let dev = Cpu::seed_from_u64(0);
    let net = dev.build_module::<Wide<5>, f32>();
    let engine = net.freeze().unwrap();
    assert_agree(&net, &engine, dev.sample_normal_like(&(2, Const::<3>, Const::<16>, Const::<8>)));
}
