//! Fully connected layers by packed weights.

use super::{assert_close, one_of, random, rng, wide};
use crate::kernels::Element;
use crate::kernels::linear::{Prepared, forward};
use crate::kernels::simd::with_each_isa;
use rand::Rng;
use rand::rngs::StdRng;

/// A layer with a weight that is kept, and with one that is packed on the way; `special` is
/// somewhere in the input.
fn check<E: Element>(
    [batch, inputs, outputs]: [usize; 3],
    special: Option<E>,
    bias: bool,
    rng: &mut StdRng,
) {
    let what = ([batch, inputs, outputs], special, bias);
    let (mut x, w) = (random::<E>(rng, batch * inputs), random::<E>(rng, outputs * inputs));
    if let (Some(special), false) = (special, x.is_empty()) {
        let at = rng.gen_range(0..x.len());
        x[at] = special;
    }
    let b = random::<E>(rng, outputs);
    let bias = bias.then_some(&*b);
    let [xd, wd, bd] = [&*x, &w, bias.unwrap_or(&[])].map(|v| wide(v));
    let mut expected = vec![0.0; batch * outputs];
    for (i, y) in expected.iter_mut().enumerate() {
        let (x, w) = (&xd[i / outputs * inputs..][..inputs], &wd[i % outputs * inputs..][..inputs]);
        let products = x.iter().zip(w).map(|(x, w)| x * w);
        *y = products.sum::<f64>() + bd.get(i % outputs).unwrap_or(&0.0);
    }
    let mut y = vec![E::nan(); expected.len()];
    Prepared::new(inputs, outputs, &w, bias).run(batch, &x, &mut y);
    assert_close(&y, &expected, &("kept", what));
    y.fill(E::nan());
    forward(batch, inputs, outputs, &x, &w, bias, &mut y);
    assert_close(&y, &expected, &what);
}

#[test]
fn agree_with_plain_loops() {
    let mut rng = rng(22);
    for i in 0..60 {
        let batch = rng.gen_range(0..15) + if i % 10 == 0 { 30 } else { 0 };
        let inputs = one_of(&mut rng, &[0, 1, 5, 16, 33, 84, 120, 1024, 2100]);
        let outputs = one_of(&mut rng, &[1, 7, 8, 10, 16, 33, 40, 64, 65, 84, 130]);
        let (size, bias) = ([batch, inputs, outputs], rng.gen_bool(0.5));
        with_each_isa(|_| {
            check::<f32>(size, None, bias, &mut rng);
            check::<f64>(size, None, bias, &mut rng);
            check(size, Some(f32::INFINITY), bias, &mut rng);
            check(size, Some(f64::NAN), bias, &mut rng);
        });
    }
}
