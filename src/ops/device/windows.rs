//! Which pixels each output of a convolution, a pool or a resize is made of.

/// The taps of each window over an image.
pub struct Windows {
    /// The pixel under each tap, window by window; `pixels` for a tap outside of the image.
    pub table: Vec<usize>,
    /// Taps of a window.
    pub taps: usize,
    /// Pixels of the image.
    pixels: usize,
}

impl Windows {
    /// The windows of all outputs. Sizes are `[height, width]`, and along `axis` the tap of an
    /// output falls onto `pixel(axis, output, tap)`.
    pub fn new(
        input: [usize; 2],
        output: [usize; 2],
        taps: [usize; 2],
        pixel: impl Fn(usize, usize, usize) -> Option<usize>,
    ) -> Self {
        let pixels = input[0] * input[1];
        let [rows, columns] = [0, 1].map(|axis| {
            let window = |output| (0..taps[axis]).map(|tap| pixel(axis, output, tap)).collect();
            (0..output[axis]).map(window).collect::<Vec<Vec<_>>>()
        });
        let mut table = Vec::with_capacity(rows.len() * columns.len() * taps[0] * taps[1]);
        for row in &rows {
            for column in &columns {
                for y in row {
                    let pixel = |(y, x): (usize, &usize)| y * input[1] + x;
                    table.extend(column.iter().map(|x| y.zip(x.as_ref()).map_or(pixels, pixel)));
                }
            }
        }
        Windows { table, taps: taps[0] * taps[1], pixels }
    }

    /// For each pixel, the taps that fall onto it, by their places in the table: what a
    /// transposed convolution adds up.
    pub fn transposed(&self) -> Self {
        let mut places = vec![Vec::new(); self.pixels];
        for (place, &pixel) in self.table.iter().enumerate() {
            if pixel < self.pixels {
                places[pixel].push(place);
            }
        }
        let (pixels, taps) = (self.table.len(), places.iter().map(Vec::len).max());
        let taps = taps.unwrap_or(0).max(1);
        places.iter_mut().for_each(|places| places.resize(taps, pixels));
        Windows { table: places.concat(), taps, pixels }
    }

    /// The pixels of all windows, tap by tap, for a search among them: a tap outside of the image
    /// repeats the one before, or the first one inside. Taps that only repeat are left out.
    pub fn candidates(&self) -> Vec<Vec<usize>> {
        let outputs = self.table.len() / self.taps;
        let mut candidates = vec![Vec::with_capacity(outputs); self.taps];
        for window in self.table.chunks_exact(self.taps) {
            let first = window.iter().copied().find(|&pixel| pixel < self.pixels);
            let mut last = first.unwrap_or(self.pixels);
            for (candidates, &pixel) in candidates.iter_mut().zip(window) {
                if pixel < self.pixels {
                    last = pixel;
                }
                candidates.push(last);
            }
        }
        candidates.dedup();
        candidates
    }
}

/// The area of each window, given its size along both axes; 1 if it is empty, to divide by.
pub fn areas(rows: &[usize], columns: &[usize]) -> Vec<f64> {
    let area = |row: usize, column: usize| (row * column).max(1) as f64;
    rows.iter().flat_map(|&row| columns.iter().map(move |&column| area(row, column))).collect()
}
