use super::{assert_close, one_of, random, rng, wide};
use crate::kernels::Element;
use crate::kernels::linear::*;
use crate::kernels::simd::with_each_isa;
use rand::rngs::StdRng;

fn check<E: Element>([batch, inputs, outputs]: [usize; 3], rng: &mut StdRng) {
    let what = [batch, inputs, outputs];
    let (x, w) = (random::<E>(rng, batch * inputs), random::<E>(rng, outputs * inputs));
    let (gy, bias) = (random::<E>(rng, batch * outputs), random::<E>(rng, outputs));
    let gw0 = random::<E>(rng, w.len());
    let [xd, wd, gyd] = [&x, &w, &gy].map(|v| wide(v));
    let mut y = vec![0.0; gy.len()];
    let (mut gx, mut gw, mut gb) = (vec![0.0; x.len()], wide(&gw0), wide(&bias));
    for n in 0..batch {
        for o in 0..outputs {
            for i in 0..inputs {
                y[n * outputs + o] += xd[n * inputs + i] * wd[o * inputs + i];
                gx[n * inputs + i] += gyd[n * outputs + o] * wd[o * inputs + i];
                gw[o * inputs + i] += gyd[n * outputs + o] * xd[n * inputs + i];
            }
            gb[o] += gyd[n * outputs + o];
        }
    }
    let mut out = vec![E::nan(); y.len()];
    forward(batch, inputs, outputs, &x, &w, None, &mut out);
    assert_close(&out, &y, &what);
    for (i, y) in y.iter_mut().enumerate() {
        *y += wide(&bias)[i % outputs];
    }
    out.fill(E::nan());
    forward(batch, inputs, outputs, &x, &w, Some(&bias), &mut out);
    assert_close(&out, &y, &("with bias", what));
    let mut out = vec![E::nan(); x.len()];
    backward_input(batch, inputs, outputs, &w, &gy, &mut out);
    assert_close(&out, &gx, &("gradient of the input", what));
    let mut out = gw0;
    backward_weight(batch, inputs, outputs, &x, &gy, &mut out);
    assert_close(&out, &gw, &("gradient of the weight", what));
    let mut out = bias;
    backward_bias(batch, outputs, &gy, &mut out);
    assert_close(&out, &gb, &("gradient of the bias", what));
}

#[test]
fn agrees_with_plain_loops() {
    let mut rng = rng(2);
    for _ in 0..100 {
        let batch = one_of(&mut rng, &[0, 1, 1, 2, 3, 4, 7, 32, 40, 70]);
        let [inputs, outputs] =
            [0; 2].map(|_| one_of(&mut rng, &[1, 2, 3, 10, 16, 31, 84, 130, 300]));
        with_each_isa(|_| {
            check::<f32>([batch, inputs, outputs], &mut rng);
            check::<f64>([batch, inputs, outputs], &mut rng);
        });
    }
}
