use super::{assert_close, random, rng, wide};
use crate::kernels::Element;
use crate::kernels::cross_entropy::{IGNORED, Targets};
use crate::kernels::simd::with_each_isa;
use rand::Rng;
use rand::rngs::StdRng;

fn check<E: Element>(rng: &mut StdRng) {
    let (rows, classes) = (rng.gen_range(1..5), rng.gen_range(1..70));
    let x: Vec<E> = random::<E>(rng, rows * classes).iter().map(|&x| x * E::cast(9.0)).collect();
    let label =
        |rng: &mut StdRng| if rng.gen_bool(0.2) { IGNORED } else { rng.gen_range(0..classes) };
    let labels: Vec<usize> = (0..rows).map(|_| label(rng)).collect();
    let spread = if rng.gen_bool(0.5) { random(rng, classes) } else { vec![] };
    let targets = Targets { labels, on: random(rng, classes), spread };
    let (mut loss, mut gradient) = (vec![0.0; rows], vec![1.0; rows * classes]);
    for (i, x) in wide(&x).chunks_exact(classes).enumerate() {
        let sum: f64 = x.iter().map(|x| x.exp()).sum();
        let mut q = vec![0.0; classes];
        if targets.labels[i] != IGNORED {
            q.iter_mut().zip(wide(&targets.spread)).for_each(|(q, spread)| *q = spread);
            q[targets.labels[i]] += wide(&targets.on)[targets.labels[i]];
        }
        let all: f64 = q.iter().sum();
        for (c, (x, q)) in x.iter().zip(q).enumerate() {
            loss[i] -= q * (x - sum.ln());
            gradient[i * classes + c] += 0.5 * (x.exp() / sum * all - q);
        }
    }
    let (mut norms, mut losses) = (vec![[E::nan(); 2]; rows], vec![E::nan(); rows]);
    targets.forward(&x, &mut norms, &mut losses);
    assert_close(&losses, &loss, &targets.labels);
    let mut gx = vec![E::one(); x.len()];
    targets.backward(&x, &norms, E::cast(0.5), &mut gx);
    assert_close(&gx, &gradient, &targets.labels);
}

#[test]
fn cross_entropy_agrees_with_plain_loops() {
    let mut rng = rng(8);
    for _ in 0..100 {
        with_each_isa(|_| {
            check::<f32>(&mut rng);
            check::<f64>(&mut rng);
        });
    }
}
