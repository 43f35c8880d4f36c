use super::{random, rng};
use crate::kernels::join::*;
use rand::Rng;

/// Lengths around the size of a task, and enough for threads.
const LENGTHS: [usize; 6] = [0, 1, 100, 8191, 8193, 70_000];

#[test]
fn sums() {
    let mut rng = rng(31);
    for len in LENGTHS {
        let (a, b) = (random::<f32>(&mut rng, len), random(&mut rng, len));
        let expected: Vec<f32> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
        let mut y = vec![f32::NAN; len];
        add(&a, &b, &mut y);
        assert_eq!(y, expected);
        let mut y = a.clone();
        add_in_place(&b, &mut y);
        assert_eq!(y, expected);
        copy(&a, &mut y);
        assert_eq!(y, a);
    }
}

#[test]
fn side_by_side() {
    let mut rng = rng(32);
    let mut check = |op: ConcatOp| {
        let xs: Vec<Vec<f32>> = (0..op.parts.len()).map(|i| random(&mut rng, op.len(i))).collect();
        let slices: Vec<&[f32]> = xs.iter().map(Vec::as_slice).collect();
        let mut expected = Vec::new();
        for n in 0..op.batch {
            xs.iter().zip(&op.parts).for_each(|(x, &size)| {
                expected.extend_from_slice(&x[n * size..(n + 1) * size]);
            });
        }
        let mut y = vec![f32::NAN; expected.len()];
        concat(&op, &slices, &mut y);
        assert_eq!(y, expected, "{op:?}");
        for (i, x) in xs.iter().enumerate() {
            let mut back = vec![f32::NAN; x.len()];
            part(&op, i, &y, &mut back);
            assert_eq!(&back, x, "{op:?}");
        }
    };
    check(ConcatOp { batch: 3, parts: vec![30_000, 1, 20_000] });
    check(ConcatOp { batch: 3, parts: vec![] });
    let mut sizes = super::rng(33);
    for _ in 0..100 {
        let count = sizes.gen_range(1..5);
        let parts = (0..count).map(|_| sizes.gen_range(0..9)).collect();
        check(ConcatOp { batch: sizes.gen_range(0..4), parts });
    }
}
