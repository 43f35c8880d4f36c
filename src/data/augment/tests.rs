use super::*;
use std::collections::HashSet;

/// Pixels from 1 on, so that none is the fill.
fn image([c, h, w]: [usize; 3]) -> Vec<u8> {
    (0..c * h * w).map(|i| (i % 255 + 1) as u8).collect()
}

/// The pixel of plane `c` at a place that may be outside.
fn at(image: &[u8], [_, h, w]: [usize; 3], c: usize, y: i64, x: i64) -> u8 {
    let inside = (0..h as i64).contains(&y) && (0..w as i64).contains(&x);
    if inside { image[(c * h + y as usize) * w + x as usize] } else { 0 }
}

/// What a crop from `corner` should be, pixel by pixel.
fn cropped(image: &[u8], shape: [usize; 3], [h, w]: [usize; 2], corner: [i64; 2]) -> Vec<u8> {
    let pixel = |i: usize| {
        let (c, y, x) = (i / (h * w), (i / w % h) as i64, (i % w) as i64);
        at(image, shape, c, y + corner[0], x + corner[1])
    };
    (0..shape[0] * h * w).map(pixel).collect()
}

/// All that `augment` makes of an image, by many seeds.
fn all(augment: &Augment, shape: [usize; 3]) -> HashSet<Vec<u8>> {
    (0..3000).map(|seed| augment.apply(&image(shape), shape, seed).unwrap()).collect()
}

#[test]
fn a_flip_mirrors_with_its_probability() {
    let shape = [2, 3, 5];
    let image = image(shape);
    let mirrored: Vec<u8> = image.chunks(5).flat_map(|row| row.iter().rev().copied()).collect();
    let count = |p| {
        let flip = Augment::new().flip(p);
        let is_mirrored = |seed: &u64| {
            let flipped = flip.apply(&image, shape, *seed).unwrap();
            assert!(flipped == mirrored || flipped == image);
            flipped == mirrored
        };
        (0..2000).filter(is_mirrored).count()
    };
    assert_eq!(count(0.0), 0);
    assert_eq!(count(1.0), 2000);
    // Four standard deviations about 600.
    assert!((518..682).contains(&count(0.3)));
}

#[test]
fn shifts_are_all_that_brute_force_finds() {
    for shape in [[2, 4, 5], [1, 1, 3], [3, 2, 1]] {
        let image = image(shape);
        let size = [shape[1], shape[2]];
        let expected: HashSet<Vec<u8>> = (-2..=2)
            .flat_map(|y| (-2..=2).map(move |x| [y, x]))
            .map(|corner| cropped(&image, shape, size, corner))
            .collect();
        assert_eq!(all(&Augment::new().shift(2), shape), expected);
    }
}

#[test]
fn crops_reach_every_place_of_the_padded_image() {
    for (size, padding) in [([4, 4], 1), ([3, 2], 0), ([6, 7], 1), ([2, 5], 2)] {
        let shape = [2, 4, 5];
        let (image, p) = (image(shape), padding as i64);
        let expected: HashSet<Vec<u8>> = (-p..=4 + p - size[0] as i64)
            .flat_map(|y| (-p..=5 + p - size[1] as i64).map(move |x| [y, x]))
            .map(|corner| cropped(&image, shape, size, corner))
            .collect();
        let augment = Augment::new().crop(size, padding);
        assert_eq!(all(&augment, shape), expected, "{size:?} padded by {padding}");
        assert_eq!(augment.shape(shape).unwrap(), [2, size[0], size[1]]);
    }
}

fn rotated(image: &[u8], [_, h, w]: [usize; 3], degrees: f64) -> Vec<u8> {
    let mut to = vec![9; image.len()];
    geometry::rotate(image, [h, w], &mut to, degrees);
    to
}

#[test]
fn rotations_by_quarters_are_exact() {
    for side in [3, 4, 7, 31] {
        let shape = [2, side, side];
        let image = image(shape);
        let n = side as i64;
        let by = |place: fn(i64, i64, i64) -> [i64; 2]| -> Vec<u8> {
            let pixels = (0..image.len()).map(|i| {
                let [y, x] = place((i / side % side) as i64, (i % side) as i64, n);
                at(&image, shape, i / (side * side), y, x)
            });
            pixels.collect()
        };
        assert_eq!(rotated(&image, shape, 0.0), image);
        // Counter-clockwise: what was at the right comes to the top.
        assert_eq!(rotated(&image, shape, 90.0), by(|y, x, n| [x, n - 1 - y]));
        assert_eq!(rotated(&image, shape, 180.0), by(|y, x, n| [n - 1 - y, n - 1 - x]));
        assert_eq!(rotated(&image, shape, -90.0), by(|y, x, n| [n - 1 - x, y]));
        assert_eq!(rotated(&image, shape, 360.0), image);
    }
}

/// A plane rises by 8 a row and 5 a column. Bilinear interpolation is exact on it, so a rotated
/// pixel whose origin lies inside is that plane at the origin.
#[test]
fn rotation_interpolates_bilinearly() {
    let shape = [1, 11, 9];
    let value = |y: f64, x: f64| 8.0 * y + 5.0 * x + 20.0;
    let image: Vec<u8> = (0..99).map(|i| value((i / 9) as f64, (i % 9) as f64) as u8).collect();
    for degrees in [13.0f64, -27.5, 45.0] {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let turned = rotated(&image, shape, degrees);
        let (mut inside, mut outside) = (0, 0);
        for (i, &pixel) in turned.iter().enumerate() {
            let (dy, dx) = ((i / 9) as f64 - 5.0, (i % 9) as f64 - 4.0);
            let (y, x) = (5.0 + sin * dx + cos * dy, 4.0 + cos * dx - sin * dy);
            if (0.0..=10.0).contains(&y) && (0.0..=8.0).contains(&x) {
                assert!((f64::from(pixel) - value(y, x)).abs() <= 0.5 + 1e-9);
                inside += 1;
            } else if !(-1.0..=11.0).contains(&y) || !(-1.0..=9.0).contains(&x) {
                assert_eq!(pixel, 0);
                outside += 1;
            }
        }
        assert!(inside > 50 && outside > 0, "{inside} pixels from inside, {outside} from outside");
    }
}

#[test]
fn angles_lie_on_both_sides_and_within_the_limit() {
    // A bright pixel 10 to the right of the centre moves by 10 · sin(angle) rows.
    let shape = [1, 21, 21];
    let mut image = vec![0; 441];
    image[10 * 21 + 20] = 255;
    let rotate = Augment::new().rotate(20.0);
    let rows: Vec<usize> = (0..500)
        .map(|seed| {
            let turned = rotate.apply(&image, shape, seed).unwrap();
            (0..441).max_by_key(|&i| turned[i]).unwrap() / 21
        })
        .collect();
    assert!(rows.iter().all(|row| (6..=14).contains(row)), "{rows:?}");
    let up = rows.iter().filter(|row| **row < 10).count();
    let down = rows.iter().filter(|row| **row > 10).count();
    assert!((150..300).contains(&up) && (150..300).contains(&down), "{up} up, {down} down");
}

#[test]
fn black_stays_black_and_seeds_decide() {
    let augment = Augment::new().rotate(30.0).shift(3).flip(0.5).crop([9, 10], 1);
    let shape = [3, 10, 12];
    assert_eq!(augment.apply(&[0; 360], shape, 5).unwrap(), [0; 270]);
    let by = |seed| augment.apply(&image(shape), shape, seed).unwrap();
    assert_eq!(by(5), by(5));
    assert!((0..50).map(by).collect::<HashSet<_>>().len() > 40);
    assert_eq!(Augment::new().apply(&image(shape), shape, 5).unwrap(), image(shape));
}

#[test]
fn steps_follow_one_another_in_their_order() {
    // The right half remains, then is mirrored; the other way round it is the left half's mirror.
    let (row, shape) = ([1, 2, 3, 4], [1, 1, 4]);
    let seed = (0..100)
        .find(|&seed| Augment::new().crop([1, 2], 0).apply(&row, shape, seed).unwrap() == [3, 4]);
    let seed = seed.unwrap();
    let first = Augment::new().crop([1, 2], 0).flip(1.0).apply(&row, shape, seed).unwrap();
    assert_eq!(first, [4, 3]);
    let seeds = (0..100)
        .map(|seed| Augment::new().flip(1.0).crop([1, 2], 0).apply(&row, shape, seed).unwrap());
    assert!(seeds.clone().any(|cut| cut == [2, 1]) && seeds.clone().any(|cut| cut == [4, 3]));
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let shape = [1, 4, 4];
    for (augment, message) in [
        (Augment::new().flip(1.5), "a flip with probability 1.5, which is not in 0 to 1"),
        (Augment::new().flip(f64::NAN), "a flip with probability NaN, which is not in 0 to 1"),
        (Augment::new().rotate(-1.0), "a rotation by up to -1 degrees, not in 0 to 180"),
        (Augment::new().rotate(181.0), "a rotation by up to 181 degrees, not in 0 to 180"),
        (Augment::new().rotate(f64::NAN), "a rotation by up to NaN degrees, not in 0 to 180"),
        (Augment::new().shift(65536), "a padding or shift of 65536 pixels"),
        (Augment::new().crop([0, 4], 0), "no image can have the shape [1, 0, 4]"),
        (Augment::new().crop([0, 4], 0).crop([4, 4], 2), "no image can have the shape [1, 0, 4]"),
        (
            Augment::new().crop([2, 2], 0).crop([4, 4], 0),
            "a crop of 4×4 pixels from images that are 2×2 with their padding",
        ),
    ] {
        assert_eq!(augment.apply(&[0; 16], shape, 0).unwrap_err().to_string(), message);
    }
    let error = Augment::new().apply(&[0; 15], shape, 0).unwrap_err().to_string();
    assert_eq!(error, "15 pixels are no image of shape [1, 4, 4]");
}
