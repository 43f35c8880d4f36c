use super::*;

#[test]
fn the_number_of_threads_does_not_matter() {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Digits::draw(200, 3))
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_longer_drawing_starts_with_the_shorter_one() {
    let (mut long, short) = (Digits::draw(50, 3), Digits::draw(20, 3));
    long.truncate(20);
    assert_eq!(long, short);
}

#[test]
fn no_image_is_drawn_twice() {
    let (train, test) = (Digits::draw(3000, 0), Digits::draw(3000, 1));
    let images: std::collections::HashSet<&[u8]> =
        [&train, &test].iter().flat_map(|images| images.pixels().chunks(784)).collect();
    assert_eq!(images.len(), 6000);
}

#[test]
fn every_digit_is_on_its_page_and_legible() {
    let digits = Digits::draw(5000, 4);
    for (i, image) in digits.pixels().chunks(784).enumerate() {
        let bright = image.iter().filter(|&&p| p > 100).count();
        assert!((15..400).contains(&bright), "image {i} has {bright} bright pixels");
        let border = (0..28).flat_map(|k| [k, 27 * 28 + k, 28 * k, 28 * k + 27]);
        let cut = border.filter(|&p| image[p] > 100).count();
        assert!(cut < 25, "image {i} has {cut} bright pixels at the border");
    }
}

/// The digits are worth a convolutional network: softmax regression learns them to some 80 % from as
/// few images as here, and to under 90 % from 20 000.
#[test]
fn a_linear_classifier_learns_much_but_not_enough() {
    let (train, test) = (Digits::draw(2000, 1), Digits::draw(1000, 2));
    let mut weights = vec![[0f32; 10]; 785];
    let scores = |weights: &[[f32; 10]], image: &[u8]| {
        let mut scores = weights[784];
        for (row, &p) in weights.iter().zip(image).filter(|(_, p)| **p > 0) {
            (0..10).for_each(|k| scores[k] += row[k] * f32::from(p) / 255.0);
        }
        scores
    };
    for epoch in 0..8 {
        let rate = 0.05 / (1.0 + epoch as f32);
        for (image, &label) in train.pixels().chunks(784).zip(train.labels()) {
            let scores = scores(&weights, image).map(f32::exp);
            let sum: f32 = scores.iter().sum();
            let mut step = scores.map(|e| -rate * e / sum);
            step[usize::from(label)] += rate;
            for (row, p) in weights.iter_mut().zip(image.iter().map(|&p| f32::from(p) / 255.0)) {
                (0..10).for_each(|k| row[k] += step[k] * p);
            }
        }
    }
    let right = test.pixels().chunks(784).zip(test.labels()).filter(|(image, label)| {
        let scores = scores(&weights, image);
        let best = (0..10).max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        best == Some(usize::from(**label))
    });
    let right = right.count();
    assert!((600..930).contains(&right), "{right} of 1000 right");
}
