use super::{random, rng};
use crate::kernels::zero_pad2d::*;
use rand::Rng;

#[test]
fn agrees_with_plain_loops() {
    let mut rng = rng(23);
    for _ in 0..200 {
        let mut side = || [rng.gen_range(0..4), rng.gen_range(0..4)];
        let padding = [side(), side()];
        let (batch, channels) = (rng.gen_range(0..4), rng.gen_range(1..4));
        let input = [rng.gen_range(1..9), rng.gen_range(1..30)];
        let op = ZeroPad2dOp { batch, channels, input, padding };
        let ([ih, iw], [oh, ow]) = (op.input, op.output());
        let planes = op.batch * op.channels;
        let x = random::<f32>(&mut rng, planes * ih * iw);
        let gy = random::<f32>(&mut rng, planes * oh * ow);
        let (mut y, mut gx) = (vec![f32::NAN; gy.len()], vec![f32::NAN; x.len()]);
        forward(&op, &x, &mut y);
        backward(&op, &gy, &mut gx);
        for (o, y) in y.into_iter().enumerate() {
            let (plane, oy, ox) = (o / (oh * ow), o / ow % oh, o % ow);
            let iy = oy.checked_sub(padding[0][0]).filter(|&iy| iy < ih);
            let ix = ox.checked_sub(padding[1][0]).filter(|&ix| ix < iw);
            let source = iy.zip(ix).map(|(iy, ix)| (plane * ih + iy) * iw + ix);
            assert_eq!(y, source.map_or(0.0, |i| x[i]), "{op:?}");
            if let Some(i) = source {
                assert_eq!(gx[i], gy[o], "{op:?}");
            }
        }
    }
}
