//! Transposed convolution against pixels that are painted one by one.

use shapewright_shape::{Axis, Conv2d, ConvTranspose2d, Padding, Problem, Shape};

/// Random numbers without a dependency: xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }
}

/// The rows from the first that any pixel paints to the last one.
fn painted(conv: &ConvTranspose2d, input: usize) -> usize {
    let taps =
        |pixel| (0..conv.kernel[0]).map(move |k| pixel * conv.stride[0] + k * conv.dilation[0]);
    1 + (0..input).flat_map(taps).max().unwrap()
}

fn random_conv(random: &mut Random, padding: Padding) -> ConvTranspose2d {
    let mut n = |most| 1 + random.below(most);
    ConvTranspose2d {
        stride: [n(5), n(5)],
        dilation: [n(4), n(4)],
        padding,
        ..ConvTranspose2d::new(1, [n(7), n(7)])
    }
}

#[test]
fn the_output_is_what_is_painted_without_the_padding() {
    let mut random = Random(1);
    let (mut some, mut nothing) = (0, 0);
    for _ in 0..50_000 {
        let [lo, hi] = [random.below(6), random.below(6)];
        let padding = Padding::Explicit([[lo, hi], [0, 0]]);
        let mut conv = random_conv(&mut random, padding);
        conv.output_padding[0] = random.below(conv.stride[0].max(conv.dilation[0]));
        let input = 1 + random.below(12);
        let whole = painted(&conv, input) + conv.output_padding[0];
        let output = conv.output(Shape::image(2, input, 1));
        if whole > lo + hi {
            assert_eq!(output.unwrap().dim(1), whole - lo - hi, "{conv:?} on {input}");
            some += 1;
        } else {
            let (axis, padding) = (Axis::Height, lo + hi);
            assert_eq!(output, Err(Problem::NothingLeft { axis, painted: whole, padding }));
            nothing += 1;
        }
    }
    assert!(some > 40_000 && nothing > 2_000, "{some} {nothing}");
}

/// Without output padding, it undoes what the convolution with the same options does to a shape,
/// if that leaves no rest.
#[test]
fn it_gives_the_shape_back_that_a_convolution_took() {
    let mut random = Random(2);
    for _ in 0..50_000 {
        let side = random.below(3);
        let conv = random_conv(&mut random, Padding::symmetric(side, side));
        let ConvTranspose2d { kernel, stride, padding, dilation, .. } = conv;
        let forward = Conv2d { stride, padding, dilation, ..Conv2d::new(1, kernel) };
        let image = Shape::image(1, 1 + random.below(30), 1 + random.below(30));
        let Ok(small) = forward.output(image) else { continue };
        let back = match conv.output(small) {
            // Windows in the padding alone paint nothing of the image.
            Err(Problem::NothingLeft { .. }) => continue,
            back => back.unwrap(),
        };
        for (axis, stride) in [(1, stride[0]), (2, stride[1])] {
            assert!(back.dim(axis) <= image.dim(axis) && image.dim(axis) < back.dim(axis) + stride);
        }
    }
}

#[test]
fn same_padding_multiplies_by_the_stride() {
    let mut random = Random(3);
    for _ in 0..50_000 {
        let conv = random_conv(&mut random, Padding::Same);
        let (h, w) = (1 + random.below(30), 1 + random.below(30));
        let output = conv.output(Shape::image(1, h, w)).unwrap();
        assert_eq!(output, Shape::image(1, h * conv.stride[0], w * conv.stride[1]));
        let [rows, _] = conv.place(h, w).unwrap();
        assert!(rows.pad_hi == rows.pad_lo || rows.pad_hi == rows.pad_lo + 1);
        // No painted row is cut off but by the padding.
        assert!(painted(&conv, h) <= rows.pad_lo + rows.output + rows.pad_hi);
    }
}

#[test]
fn known_shapes() {
    // A generator's layer: (4 - 1)·2 - 2·1 + (4 - 1) + 1 = 8.
    let stride = [2, 2];
    let conv = ConvTranspose2d {
        stride,
        padding: Padding::symmetric(1, 1),
        ..ConvTranspose2d::new(64, [4, 4])
    };
    assert_eq!(conv.output(Shape::image(128, 4, 4)), Ok(Shape::image(64, 8, 8)));
    assert_eq!(conv.weight(128), [128, 64, 4, 4]);
    assert_eq!(conv.parameters(128), Some(128 * 64 * 16 + 64));
}

#[test]
fn every_wrong_option_has_its_problem() {
    let base = ConvTranspose2d::new(4, [3, 3]);
    let wrong = |conv: ConvTranspose2d| conv.output(Shape::image(6, 8, 8)).unwrap_err();
    let axis = Axis::Width;
    let problem = Problem::OutputPadding { axis, output_padding: 2, stride: 2, dilation: 1 };
    let conv = ConvTranspose2d { output_padding: [0, 2], stride: [2, 2], ..base };
    assert_eq!(wrong(conv), problem);
    assert_eq!(wrong(ConvTranspose2d { out_channels: 0, ..base }), Problem::ZeroOutput);
    assert_eq!(wrong(ConvTranspose2d { groups: 0, ..base }), Problem::ZeroGroups);
    let problem = Problem::GroupsOutput { groups: 3, channels: 4 };
    assert_eq!(wrong(ConvTranspose2d { groups: 3, ..base }), problem);
    let problem = Problem::GroupsInput { groups: 4, channels: 6 };
    assert_eq!(wrong(ConvTranspose2d { groups: 4, ..base }), problem);
    let problem = Problem::ZeroKernel { axis: Axis::Height };
    assert_eq!(ConvTranspose2d::new(4, [0, 3]).place(8, 8), Err(problem));
    let problem = Problem::Channels { claimed: 5, got: 6 };
    assert_eq!(wrong(ConvTranspose2d { in_channels: Some(5), ..base }), problem);
    assert_eq!(
        wrong(ConvTranspose2d { stride: [0, 1], ..base }),
        Problem::ZeroStride { axis: Axis::Height }
    );
}

/// Random, often absurd, numbers: an answer or a problem, never a panic.
#[test]
fn nothing_overflows() {
    let mut random = Random(4);
    let mut answers = 0;
    for _ in 0..50_000 {
        let mut n = || match random.below(20) {
            0 => 0,
            1 => usize::MAX - random.below(3),
            2 => 1 << random.below(64),
            _ => 1 + random.below(9),
        };
        let padding = match n() % 4 {
            0 => Padding::Same,
            1 => Padding::Full,
            2 => Padding::NONE,
            _ => Padding::Explicit([[n(), n()], [n(), n()]]),
        };
        let conv = ConvTranspose2d {
            stride: [n(), n()],
            padding,
            output_padding: [n() / 2, n() / 2],
            dilation: [n(), n()],
            groups: n(),
            ..ConvTranspose2d::new(n(), [n(), n()])
        };
        if conv.output(Shape::image(n(), n(), n())).is_ok() {
            answers += 1;
        }
    }
    assert!(answers > 300, "{answers}");
}
