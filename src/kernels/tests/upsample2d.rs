use super::{assert_close, one_of, random, rng, wide};
use crate::kernels::Element;
use crate::kernels::simd::with_each_isa;
use crate::kernels::upsample2d::*;
use rand::Rng;
use rand::rngs::StdRng;

fn random_op(rng: &mut StdRng) -> Upsample2dOp {
    let input = [rng.gen_range(1..9), one_of(rng, &[1, 2, 3, 8, 17, 40])];
    let scale = [rng.gen_range(1..4), one_of(rng, &[1, 2, 2, 2, 3, 5])];
    let output = match rng.gen_bool(0.5) {
        true => [input[0] * scale[0], input[1] * scale[1]],
        false => [rng.gen_range(1..20), rng.gen_range(1..50)],
    };
    Upsample2dOp { batch: rng.gen_range(0..4), channels: rng.gen_range(1..4), input, output }
}

/// How interpolation along one axis sees an output pixel.
#[derive(Clone, Copy, Debug)]
enum Mode {
    Nearest,
    Centres,
    Corners,
}

/// What each input pixel counts for output pixel `o` of an axis: found by looking at all of them.
fn weights(mode: Mode, input: usize, output: usize, o: usize) -> Vec<f64> {
    let (inputs, outputs) = (input as f64, output as f64);
    let at = match mode {
        // The pixel whose interval `[i, i + 1)` holds the place; cross-multiplied.
        Mode::Nearest => {
            let holds = |i: usize| i * output <= o * input && o * input < (i + 1) * output;
            return (0..input).map(|i| if holds(i) { 1.0 } else { 0.0 }).collect();
        }
        Mode::Centres => ((o as f64 + 0.5) * inputs / outputs - 0.5).clamp(0.0, inputs - 1.0),
        Mode::Corners if output == 1 => 0.0,
        Mode::Corners => o as f64 * (inputs - 1.0) / (outputs - 1.0),
    };
    // A hat around each pixel: the nearer, the more it counts.
    (0..input).map(|i| (1.0 - (at - i as f64).abs()).max(0.0)).collect()
}

fn check<E: Element>(op: &Upsample2dOp, mode: Mode, rng: &mut StdRng) {
    let planes = op.batch * op.channels;
    let ([ih, iw], [oh, ow]) = (op.input, op.output);
    let x = random::<E>(rng, planes * ih * iw);
    let gy = random::<E>(rng, planes * oh * ow);
    let (xd, gyd, mut gx) = (wide(&x), wide(&gy), vec![0.0; x.len()]);
    let mut y = vec![0.0; gy.len()];
    for oy in 0..oh {
        let rows = weights(mode, ih, oh, oy);
        for ox in 0..ow {
            let columns = weights(mode, iw, ow, ox);
            for plane in 0..planes {
                let o = (plane * oh + oy) * ow + ox;
                for (iy, row) in rows.iter().enumerate() {
                    for (ix, column) in columns.iter().enumerate() {
                        let i = (plane * ih + iy) * iw + ix;
                        y[o] += row * column * xd[i];
                        gx[i] += row * column * gyd[o];
                    }
                }
            }
        }
    }
    let what = (mode, op);
    let (mut out, mut gradient) = (vec![E::nan(); y.len()], vec![E::nan(); x.len()]);
    match mode {
        Mode::Nearest => {
            nearest_forward(op, &x, &mut out);
            nearest_backward(op, &gy, &mut gradient);
        }
        Mode::Centres | Mode::Corners => {
            let align_corners = matches!(mode, Mode::Corners);
            bilinear_forward(op, align_corners, &x, &mut out);
            bilinear_backward(op, align_corners, &gy, &mut gradient);
        }
    }
    assert_close(&out, &y, &what);
    assert_close(&gradient, &gx, &("gradient", what));
}

#[test]
fn agrees_with_plain_loops() {
    let mut rng = rng(21);
    for _ in 0..60 {
        let op = random_op(&mut rng);
        for mode in [Mode::Nearest, Mode::Centres, Mode::Corners] {
            with_each_isa(|_| {
                check::<f32>(&op, mode, &mut rng);
                check::<f64>(&op, mode, &mut rng);
            });
        }
    }
}

#[test]
fn the_same_size_is_the_same_image() {
    let op = Upsample2dOp { batch: 1, channels: 2, input: [5, 7], output: [5, 7] };
    let x = random::<f32>(&mut rng(22), 70);
    let mut y = vec![f32::NAN; 70];
    nearest_forward(&op, &x, &mut y);
    assert_eq!(x, y);
    for align_corners in [true, false] {
        y.fill(f32::NAN);
        bilinear_forward(&op, align_corners, &x, &mut y);
        assert_eq!(x, y);
    }
}

#[test]
fn what_counts_nothing_still_spreads_an_infinity() {
    let op = Upsample2dOp { batch: 1, channels: 1, input: [2, 3], output: [2, 6] };
    let infinity = f32::INFINITY;
    with_each_isa(|_| {
        let (mut y, mut gx) = ([0.0; 12], [0.0; 6]);
        bilinear_forward(&op, false, &[1.0, infinity, 1.0, 1.0, 1.0, 1.0], &mut y);
        assert!(y[0].is_nan(), "{y:?}");
        assert_eq!(y[1..5], [infinity; 4]);
        assert_eq!(y[5..], [1.0; 7]);
        let mut gy = [1.0; 12];
        gy[0] = infinity;
        bilinear_backward(&op, false, &gy, &mut gx);
        assert_eq!(gx[0], infinity);
        assert!(gx[1].is_nan(), "{gx:?}");
        assert_eq!(gx[2], 2.0);
    });
}
