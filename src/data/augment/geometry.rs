//! Crops and rotations of planes of bytes; what lies outside of the image is 0.

/// Cuts `to`, planes of `[height, width]`, out of `from` so that its top left pixel is at `corner`,
/// which may lie outside.
pub(super) fn crop(
    from: &[u8],
    from_size: [usize; 2],
    to: &mut [u8],
    to_size: [usize; 2],
    corner: [i64; 2],
) {
    let [[h, w], [to_h, to_w]] = [from_size, to_size];
    // The columns of `to` that lie inside.
    let start = (-corner[1]).clamp(0, to_w as i64) as usize;
    let end = (w as i64 - corner[1]).clamp(start as i64, to_w as i64) as usize;
    for (from, to) in from.chunks_exact(h * w).zip(to.chunks_exact_mut(to_h * to_w)) {
        for (row, to) in to.chunks_exact_mut(to_w).enumerate() {
            match usize::try_from(row as i64 + corner[0]) {
                Ok(y) if y < h && start < end => {
                    let left = (start as i64 + corner[1]) as usize;
                    to[start..end].copy_from_slice(&from[y * w + left..][..end - start]);
                }
                _ => {}
            }
        }
    }
}

/// Rotates planes of `[height, width]` counter-clockwise about their centre, bilinearly.
pub(super) fn rotate(from: &[u8], [h, w]: [usize; 2], to: &mut [u8], degrees: f64) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let centre = [(h - 1) as f64 / 2.0, (w - 1) as f64 / 2.0];
    for (from, to) in from.chunks_exact(h * w).zip(to.chunks_exact_mut(h * w)) {
        let pixel = |y: f64, x: f64| {
            let inside = y >= 0.0 && x >= 0.0 && y < h as f64 && x < w as f64;
            if inside { f64::from(from[y as usize * w + x as usize]) } else { 0.0 }
        };
        for (i, to) in to.iter_mut().enumerate() {
            let (dy, dx) = ((i / w) as f64 - centre[0], (i % w) as f64 - centre[1]);
            let (y, x) = (centre[0] + sin * dx + cos * dy, centre[1] + cos * dx - sin * dy);
            let (top, left) = (y.floor(), x.floor());
            let (fy, fx) = (y - top, x - left);
            let upper = (1.0 - fx) * pixel(top, left) + fx * pixel(top, left + 1.0);
            let lower = (1.0 - fx) * pixel(top + 1.0, left) + fx * pixel(top + 1.0, left + 1.0);
            *to = ((1.0 - fy) * upper + fy * lower).round() as u8;
        }
    }
}
