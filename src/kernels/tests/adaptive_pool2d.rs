use super::{assert_close, one_of, random, rng, wide};
use crate::kernels::Element;
use crate::kernels::adaptive_pool2d::*;
use rand::Rng;
use rand::rngs::StdRng;

fn random_op(rng: &mut StdRng) -> AdaptivePool2dOp {
    let size = |rng: &mut StdRng| [rng.gen_range(1..20), one_of(rng, &[1, 2, 5, 9, 16, 33, 70])];
    let (input, other) = (size(rng), size(rng));
    AdaptivePool2dOp {
        batch: rng.gen_range(0..4),
        channels: rng.gen_range(1..4),
        input,
        output: one_of(rng, &[[1, 1], [1, 1], input, [5, 7], [3, 1], other]),
    }
}

/// The pixels of each output's bin: those whose square overlaps the output's, without a division.
fn bins(op: &AdaptivePool2dOp) -> Vec<Vec<usize>> {
    let ([ih, iw], [oh, ow]) = (op.input, op.output);
    let overlap =
        |p, i, input, output| p * output < (i + 1) * input && i * input < (p + 1) * output;
    let bin = |o| {
        let inside = |p| overlap(p / iw, o / ow, ih, oh) && overlap(p % iw, o % ow, iw, ow);
        (0..ih * iw).filter(|&p| inside(p)).collect()
    };
    (0..oh * ow).map(bin).collect()
}

fn check_avg<E: Element>(op: &AdaptivePool2dOp, rng: &mut StdRng) {
    let (planes, bins) = (op.batch * op.channels, bins(op));
    let pixels = op.input[0] * op.input[1];
    let x = random::<E>(rng, planes * pixels);
    let gy = random::<E>(rng, planes * bins.len());
    let (xd, gyd, mut gx) = (wide(&x), wide(&gy), vec![0.0; x.len()]);
    let mut y = vec![0.0; gy.len()];
    for (o, y) in y.iter_mut().enumerate() {
        let bin = &bins[o % bins.len()];
        for p in bin {
            let at = o / bins.len() * pixels + p;
            *y += xd[at] / bin.len() as f64;
            gx[at] += gyd[o] / bin.len() as f64;
        }
    }
    let mut out = vec![E::nan(); y.len()];
    avg_forward(op, &x, &mut out);
    assert_close(&out, &y, op);
    let mut out = vec![E::nan(); x.len()];
    avg_backward(op, &gy, &mut out);
    assert_close(&out, &gx, &("gradient", op));
}

fn check_max<E: Element>(op: &AdaptivePool2dOp, rng: &mut StdRng) {
    let (planes, bins) = (op.batch * op.channels, bins(op));
    let pixels = op.input[0] * op.input[1];
    // Few different values, so that there are ties, and some special ones.
    let specials = [E::nan(), E::infinity(), E::neg_infinity()];
    let special = one_of(rng, &[0.0, 0.01, 0.9]);
    let value = |rng: &mut StdRng| match rng.gen_bool(special) {
        true => one_of(rng, &specials),
        false => E::cast(rng.gen_range(-2i32..3) as f64),
    };
    let x: Vec<E> = (0..planes * pixels).map(|_| value(rng)).collect();
    let gy = random::<E>(rng, planes * bins.len());
    let (xd, mut gx) = (wide(&x), vec![0.0; x.len()]);
    let (mut y, mut places) = (vec![], vec![]);
    for (o, &gy) in wide(&gy).iter().enumerate() {
        let (plane, bin) = (o / bins.len() * pixels, &bins[o % bins.len()]);
        let (mut best, mut place) = (f64::NEG_INFINITY, bin[0]);
        for &p in bin {
            if xd[plane + p] > best || xd[plane + p].is_nan() {
                (best, place) = (xd[plane + p], p);
            }
        }
        y.push(best);
        places.push(place as u32);
        gx[plane + place] += gy;
    }
    let mut out = vec![E::cast(7.0); y.len()];
    max_forward(op, &x, &mut out, None);
    assert_close(&out, &y, op);
    out.fill(E::cast(7.0));
    let mut indices = vec![7; y.len()];
    max_forward(op, &x, &mut out, Some(&mut indices));
    assert_close(&out, &y, &("indexed", op));
    assert_eq!(indices, places, "{op:?}");
    let mut out = vec![E::nan(); x.len()];
    max_backward(op, &indices, &gy, &mut out);
    assert_close(&out, &gx, &("gradient", op));
}

#[test]
fn avg_agrees_with_plain_loops() {
    let mut rng = rng(11);
    for _ in 0..200 {
        let op = random_op(&mut rng);
        check_avg::<f32>(&op, &mut rng);
        check_avg::<f64>(&op, &mut rng);
    }
}

#[test]
fn max_agrees_with_plain_loops_ties_and_nans_included() {
    let mut rng = rng(12);
    for _ in 0..200 {
        let op = random_op(&mut rng);
        check_max::<f32>(&op, &mut rng);
        check_max::<f64>(&op, &mut rng);
    }
}

#[test]
fn large_planes_are_shared_out_to_threads() {
    let op = AdaptivePool2dOp { batch: 8, channels: 16, input: [40, 40], output: [1, 1] };
    check_avg::<f32>(&op, &mut rng(13));
    check_max::<f32>(&op, &mut rng(13));
}
