use super::{assert_close, one_of, random, rng, wide};
use crate::kernels::Element;
use crate::kernels::pool2d::*;
use crate::kernels::simd::with_each_isa;
use rand::Rng;
use rand::rngs::StdRng;

fn random_op(rng: &mut StdRng, dilated: bool) -> Pool2dOp {
    let mut op = Pool2dOp {
        batch: rng.gen_range(0..4),
        channels: rng.gen_range(1..4),
        input: [rng.gen_range(1..20), one_of(rng, &[1, 2, 5, 9, 16, 28, 33, 70])],
        output: [0; 2],
        kernel: one_of(rng, &[[2, 2], [3, 3], [1, 4], [5, 2]]),
        stride: one_of(rng, &[[2, 2], [2, 2], [1, 1], [3, 2], [1, 3], [4, 5]]),
        dilation: if dilated { one_of(rng, &[[1, 1], [2, 3], [1, 2]]) } else { [1, 1] },
        padding: [[0; 2]; 2],
    };
    let ceil = rng.gen_bool(0.4);
    for axis in 0..2 {
        op.padding[axis] = [0; 2].map(|_| rng.gen_range(0..=op.kernel[axis] / 2));
        let [lo, hi] = op.padding[axis];
        let reach = (op.kernel[axis] - 1) * op.dilation[axis];
        let spare = (op.input[axis] + lo + hi).saturating_sub(reach + 1);
        op.output[axis] = spare / op.stride[axis] + 1;
        // In ceil mode a last window may reach over the end if it starts inside.
        let start = op.output[axis] * op.stride[axis];
        if ceil && !spare.is_multiple_of(op.stride[axis]) && start < op.input[axis] + lo {
            op.output[axis] += 1;
        }
    }
    op
}

/// PyTorch's loop for one window: the value and the place of its winner, if it has pixels.
fn winner(op: &Pool2dOp, x: &[f64], oy: usize, ox: usize) -> (f64, Option<usize>) {
    let (mut best, mut place) = (f64::NEG_INFINITY, None);
    for ky in 0..op.kernel[0] {
        for kx in 0..op.kernel[1] {
            let iy = (oy * op.stride[0] + ky * op.dilation[0]).wrapping_sub(op.padding[0][0]);
            let ix = (ox * op.stride[1] + kx * op.dilation[1]).wrapping_sub(op.padding[1][0]);
            if iy < op.input[0] && ix < op.input[1] {
                let at = iy * op.input[1] + ix;
                if place.is_none() || x[at] > best || x[at].is_nan() {
                    (best, place) = (x[at], Some(at));
                }
            }
        }
    }
    (best, place)
}

fn check_max<E: Element>(op: &Pool2dOp, rng: &mut StdRng) {
    let pixels = op.input[0] * op.input[1];
    // Few different values, so that there are ties, and some special ones.
    let specials = [E::nan(), E::infinity(), E::neg_infinity()];
    let value = |rng: &mut StdRng| match rng.gen_bool(0.1) {
        true => one_of(rng, &specials),
        false => E::cast(rng.gen_range(-2i32..3) as f64),
    };
    let x: Vec<E> = (0..op.batch * op.channels * pixels).map(|_| value(rng)).collect();
    let outputs = op.output[0] * op.output[1];
    let gy = random::<E>(rng, op.batch * op.channels * outputs);
    let mut gx = vec![0.0; x.len()];
    let (mut y, mut places) = (vec![], vec![]);
    for (i, x) in wide(&x).chunks_exact(pixels).enumerate() {
        for o in 0..outputs {
            let (best, place) = winner(op, x, o / op.output[1], o % op.output[1]);
            y.push(best);
            places.push(place.map_or(NO_PIXEL, |place| place as u32));
            if let Some(place) = place {
                gx[i * pixels + place] += wide(&gy)[i * outputs + o];
            }
        }
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
    // The smallest is the largest of the negated pixels.
    let negated: Vec<E> = x.iter().map(|&x| -x).collect();
    let y: Vec<f64> = y.iter().map(|&y| -y).collect();
    let (mut out, mut indices) = (vec![E::cast(7.0); y.len()], vec![7; y.len()]);
    min_forward(op, &negated, &mut out, None);
    assert_close(&out, &y, &("min", op));
    out.fill(E::cast(7.0));
    min_forward(op, &negated, &mut out, Some(&mut indices));
    assert_close(&out, &y, &("min, indexed", op));
    assert_eq!(indices, places, "{op:?}");
}

fn check_lp<E: Element>(op: &Pool2dOp, p: f64, rng: &mut StdRng) {
    let [height, width] = op.input;
    let positive = |x: E| x.abs() + E::cast(0.1);
    let x: Vec<E> = random::<E>(rng, op.batch * op.channels * height * width);
    // Roots of negative numbers are no numbers, so only even powers get negative pixels.
    let x: Vec<E> = if p % 2.0 == 0.0 { x } else { x.into_iter().map(positive).collect() };
    let outputs = op.output[0] * op.output[1];
    let gy = random::<E>(rng, op.batch * op.channels * outputs);
    let (xd, gyd, mut gx) = (wide(&x), wide(&gy), vec![0.0; x.len()]);
    let mut y = vec![0.0; gy.len()];
    for (o, y) in y.iter_mut().enumerate() {
        let (plane, oy, ox) = (o / outputs, o % outputs / op.output[1], o % op.output[1]);
        let rows = (oy * op.stride[0]..oy * op.stride[0] + op.kernel[0]).filter(|&i| i < height);
        let columns = ox * op.stride[1]..ox * op.stride[1] + op.kernel[1];
        let pixels: Vec<usize> = rows
            .flat_map(|iy| columns.clone().filter(|&i| i < width).map(move |ix| (iy, ix)))
            .map(|(iy, ix)| (plane * height + iy) * width + ix)
            .collect();
        let whole = (op.kernel[0] * op.kernel[1]) as f64 / pixels.len() as f64;
        let sum = pixels.iter().map(|&i| xd[i].powf(p)).sum::<f64>() * whole;
        *y = sum.powf(1.0 / p);
        for &i in &pixels {
            gx[i] += gyd[o] * sum.powf(1.0 / p - 1.0) * whole * xd[i].powf(p - 1.0);
        }
    }
    let mut out = vec![E::nan(); y.len()];
    lp_forward(op, p, &x, &mut out);
    assert_close(&out, &y, &(p, op));
    let mut gradient = vec![E::nan(); x.len()];
    lp_backward(op, p, [&x, &out, &gy], &mut gradient);
    assert_close(&gradient, &gx, &("gradient", p, op));
}

#[test]
fn lp_agrees_with_plain_loops() {
    let mut rng = rng(5);
    for _ in 0..100 {
        let mut op = random_op(&mut rng, false);
        op.padding = [[0; 2]; 2];
        for axis in 0..2 {
            let [input, kernel, stride] = [op.input[axis], op.kernel[axis], op.stride[axis]];
            let spare = input.saturating_sub(kernel);
            op.output[axis] = spare / stride + 1;
            if spare % stride != 0 && op.output[axis] * stride < input && rng.gen_bool(0.5) {
                op.output[axis] += 1;
            }
        }
        for p in [1.0, 2.0, 3.0, 4.0, 1.5] {
            check_lp::<f32>(&op, p, &mut rng);
            check_lp::<f64>(&op, p, &mut rng);
        }
    }
}

#[test]
fn the_gradient_of_lp_at_zero_is_zero() {
    let op = Pool2dOp {
        batch: 1,
        channels: 1,
        input: [1, 4],
        output: [1, 2],
        kernel: [1, 2],
        stride: [1, 2],
        dilation: [1, 1],
        padding: [[0; 2]; 2],
    };
    let x = [0.0, 0.0, -2.0, 2.0];
    for (p, expected) in [(2.0, [0.0, 0.0, -0.5f64.sqrt(), 0.5f64.sqrt()]), (1.0, [0.0; 4])] {
        let (mut y, mut gx) = ([7.0; 2], [7.0; 4]);
        lp_forward(&op, p, &x, &mut y);
        lp_backward(&op, p, [&x, &y, &[1.0, 1.0]], &mut gx);
        for (gx, expected) in gx.into_iter().zip(expected) {
            assert!((gx - expected).abs() < 1e-12, "{p}: {gx}");
        }
    }
}

fn check_avg<E: Element>(op: &Pool2dOp, count_include_pad: bool, rng: &mut StdRng) {
    let [[top, bottom], [left, right]] = op.padding;
    let [height, width] = op.input;
    let x = random::<E>(rng, op.batch * op.channels * height * width);
    let outputs = op.output[0] * op.output[1];
    let gy = random::<E>(rng, op.batch * op.channels * outputs);
    let (xd, gyd, mut gx) = (wide(&x), wide(&gy), vec![0.0; x.len()]);
    let mut y = vec![0.0; gy.len()];
    for (o, y) in y.iter_mut().enumerate() {
        let (plane, oy, ox) = (o / outputs, o % outputs / op.output[1], o % op.output[1]);
        // All taps inside the padded image, and those of them that are pixels.
        let (mut padded, mut pixels) = (0, vec![]);
        for iy in oy * op.stride[0]..oy * op.stride[0] + op.kernel[0] {
            for ix in ox * op.stride[1]..ox * op.stride[1] + op.kernel[1] {
                if iy < top + height + bottom && ix < left + width + right {
                    padded += 1;
                    let (iy, ix) = (iy.wrapping_sub(top), ix.wrapping_sub(left));
                    if iy < height && ix < width {
                        pixels.push((plane * height + iy) * width + ix);
                    }
                }
            }
        }
        let size = if count_include_pad { padded } else { pixels.len() } as f64;
        for i in pixels {
            *y += xd[i] / size;
            gx[i] += gyd[o] / size;
        }
    }
    let what = ("include padding:", count_include_pad, op);
    let mut out = vec![E::nan(); y.len()];
    avg_forward(op, count_include_pad, &x, &mut out);
    assert_close(&out, &y, &what);
    let mut out = vec![E::nan(); x.len()];
    avg_backward(op, count_include_pad, &gy, &mut out);
    assert_close(&out, &gx, &("gradient", what));
}

#[test]
fn max_agrees_with_plain_loops_ties_and_nans_included() {
    let mut rng = rng(3);
    for _ in 0..300 {
        let op = random_op(&mut rng, true);
        with_each_isa(|_| {
            check_max::<f32>(&op, &mut rng);
            check_max::<f64>(&op, &mut rng);
        });
    }
}

/// Offsets in the vectors of such windows are beyond what single precision counts.
#[test]
fn max_agrees_with_plain_loops_in_wide_images() {
    let mut rng = rng(6);
    let op = Pool2dOp {
        batch: 1,
        channels: 1,
        input: [1, 3 << 19],
        output: [1, 3],
        kernel: [1, 2],
        stride: [1, 1 << 19],
        dilation: [1, 5],
        padding: [[0; 2], [1, 0]],
    };
    check_max::<f32>(&op, &mut rng);
    check_max::<f64>(&op, &mut rng);
}

/// The pool that has a kernel of its own, and its neighbours that have not.
#[test]
fn halving_agrees_with_plain_loops_ties_and_nans_included() {
    let mut rng = rng(5);
    for _ in 0..100 {
        let input = [rng.gen_range(2..20), rng.gen_range(2..40)];
        let op = Pool2dOp {
            input,
            output: input.map(|n| n / 2),
            kernel: [2, 2],
            stride: [2, 2],
            dilation: [1, 1],
            padding: [[0; 2]; 2],
            ..random_op(&mut rng, false)
        };
        with_each_isa(|_| {
            check_max::<f32>(&op, &mut rng);
            check_max::<f64>(&op, &mut rng);
        });
    }
}

#[test]
fn avg_agrees_with_plain_loops() {
    let mut rng = rng(4);
    for i in 0..300 {
        let op = random_op(&mut rng, false);
        with_each_isa(|_| {
            check_avg::<f32>(&op, i % 2 == 0, &mut rng);
            check_avg::<f64>(&op, i % 2 == 0, &mut rng);
        });
    }
}

#[test]
fn the_first_of_equal_pixels_gets_the_gradient() {
    let op = Pool2dOp {
        batch: 1,
        channels: 1,
        input: [2, 2],
        output: [1, 1],
        kernel: [2, 2],
        stride: [2, 2],
        dilation: [1, 1],
        padding: [[0; 2]; 2],
    };
    let (mut y, mut indices, mut gx) = ([0.0], [9], [7.0; 4]);
    max_forward(&op, &[1.0, 3.0, 3.0, 3.0], &mut y, Some(&mut indices));
    max_backward(&op, &indices, &[5.0], &mut gx);
    assert_eq!((y, indices, gx), ([3.0], [1], [0.0, 5.0, 0.0, 0.0]));
}
