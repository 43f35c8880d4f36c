//! The window rules against a count of window positions that knows none of the formulas.

use shapewright_shape::{
    AdaptiveKind, AdaptivePool2d, Axis, Conv2d, ConvTranspose2d, Layer, Norm, NormKind, Padding,
    Pool2d, Problem, Shape, Upsample, Window, ZeroPad2d,
};

/// Random numbers without a dependency: xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }
    fn between(&mut self, lo: usize, hi: usize) -> usize {
        lo + self.below(hi - lo + 1)
    }
}

/// Counts windows by laying them one by one over a strip of padding, pixels and padding: a
/// window counts if each of its taps is on the strip. With `ceil_mode`, if the last of them
/// leaves a rest of the strip behind it, the one that hangs over the end counts too, provided
/// that it starts on the left padding or the pixels.
fn count(input: usize, lo: usize, hi: usize, window: &Window) -> usize {
    let strip = lo + input + hi;
    let (mut windows, mut end) = (0, 0);
    for start in (0..strip).step_by(window.stride) {
        let taps = (0..window.kernel).map(|tap| start + tap * window.dilation);
        let last = taps.clone().max().unwrap();
        if taps.clone().all(|tap| tap < strip) {
            windows += 1;
            end = last + 1;
        } else {
            let hangs_over = window.ceil_mode && windows > 0 && end < strip;
            return windows + (hangs_over && start < lo + input) as usize;
        }
    }
    windows
}

fn random_window(random: &mut Random, padding: Padding) -> Window {
    Window {
        axis: if random.below(2) == 0 { Axis::Height } else { Axis::Width },
        kernel: random.between(1, 7),
        stride: random.between(1, 5),
        dilation: random.between(1, 4),
        padding,
        ceil_mode: random.below(2) == 0,
    }
}

#[test]
fn dropped_and_padding_windows_against_the_count() {
    let mut random = Random(2);
    let (mut dropping, mut blind) = (0, 0);
    for _ in 0..50_000 {
        let mut side = || [random.below(9), random.below(9)];
        let padding = [side(), side()];
        let window = random_window(&mut random, Padding::Explicit(padding));
        let input = random.between(1, 30);
        let Ok(place) = window.place(input) else { continue };
        let reach = window.reach().unwrap();
        let pixels = place.pad_lo..place.pad_lo + input;
        let windows = (0..place.output).map(|i| i * window.stride..i * window.stride + reach);
        let unseen = |pixel: &usize| windows.clone().all(|w| !w.contains(pixel));
        let dropped = if reach < window.stride { 0 } else { pixels.clone().filter(unseen).count() };
        assert_eq!(window.dropped(input), Ok(dropped), "{window:?} on {input}");
        dropping += (dropped > 0) as usize;
        let first = windows.clone().filter(|w| w.end <= pixels.start).count();
        let last = windows.clone().filter(|w| w.start >= pixels.end).count();
        assert_eq!(window.on_padding(input), Ok([first, last]), "{window:?} on {input}");
        blind += (first + last > 0) as usize;
    }
    assert!(dropping > 1_000 && blind > 1_000, "{dropping} {blind}");
}

#[test]
fn explicit_padding_against_the_count() {
    let mut random = Random(1);
    let (mut fits, mut too_large) = (0, 0);
    for _ in 0..50_000 {
        let mut side = || [random.below(6), random.below(6)];
        let padding = [side(), side()];
        let window = random_window(&mut random, Padding::Explicit(padding));
        let input = random.between(1, 30);
        let [lo, hi] = padding[window.axis as usize];
        let whole = Window { ceil_mode: false, ..window };
        if count(input, lo, hi, &whole) == 0 {
            let problem = Problem::KernelTooLarge { window, input, pad_lo: lo, pad_hi: hi };
            assert_eq!(window.place(input), Err(problem));
            too_large += 1;
        } else {
            let place = window.place(input).unwrap();
            assert_eq!((place.pad_lo, place.pad_hi), (lo, hi));
            assert_eq!(place.output, count(input, lo, hi, &window), "{window:?} on {input}");
            fits += 1;
        }
    }
    assert!(fits > 30_000 && too_large > 5_000, "{fits} {too_large}");
}

#[test]
fn same_padding_gives_the_quotient_rounded_up() {
    let mut random = Random(2);
    for _ in 0..50_000 {
        let window = Window { ceil_mode: false, ..random_window(&mut random, Padding::Same) };
        let input = random.between(1, 40);
        let place = window.place(input).unwrap();
        assert_eq!(place.output, input.div_ceil(window.stride), "{window:?} on {input}");
        assert_eq!(place.output, count(input, place.pad_lo, place.pad_hi, &window));
        // The odd pixel at the end, and none more than needed.
        assert!(place.pad_hi == place.pad_lo || place.pad_hi == place.pad_lo + 1);
        if place.pad_hi > 0 {
            assert!(count(input, place.pad_lo, place.pad_hi - 1, &window) < place.output);
        }
    }
}

#[test]
fn full_padding_covers_every_overlap() {
    let mut random = Random(3);
    for _ in 0..20_000 {
        let window = Window { stride: 1, ..random_window(&mut random, Padding::Full) };
        let input = random.between(1, 40);
        let reach = (window.kernel - 1) * window.dilation;
        assert_eq!(window.place(input).unwrap().output, input + reach);
    }
}

/// Every layer on random, often absurd, numbers: an answer or a problem, never a panic.
#[test]
fn nothing_overflows() {
    let mut random = Random(4);
    let mut answers = 0;
    for _ in 0..50_000 {
        let mut n = || match random.below(6) {
            0 => 0,
            1 => usize::MAX - random.below(3),
            2 => usize::MAX / 2,
            3 => 1 << random.below(64),
            _ => random.between(1, 9),
        };
        let padding = match n() % 4 {
            0 => Padding::Same,
            1 => Padding::Full,
            2 => Padding::NONE,
            _ => Padding::Explicit([[n(), n()], [n(), n()]]),
        };
        let conv = Conv2d {
            in_channels: None,
            stride: [n(), n()],
            padding,
            dilation: [n(), n()],
            groups: n(),
            ..Conv2d::new(n(), [n(), n()])
        };
        let pool = Pool2d {
            stride: [n(), n()],
            padding,
            dilation: [n(), n()],
            ceil_mode: n() % 2 == 0,
            ..Pool2d::max([n(), n()])
        };
        let input = Shape::image(n(), n(), n());
        let transposed = ConvTranspose2d {
            stride: conv.stride,
            padding,
            dilation: conv.dilation,
            groups: conv.groups,
            ..ConvTranspose2d::new(conv.out_channels, conv.kernel)
        };
        let adaptive = AdaptivePool2d { kind: AdaptiveKind::Avg, output: Some([n(), n()]) };
        let pad = ZeroPad2d { padding: [[n(), n()], [n(), n()]] };
        let layers = [
            Layer::Conv2d(conv),
            Layer::ConvTranspose2d(transposed),
            Layer::Pool2d(pool),
            Layer::AdaptivePool2d(adaptive),
            Layer::Upsample(Upsample::scale(n(), n())),
            Layer::Upsample(Upsample::size(n(), n())),
            Layer::ZeroPad2d(pad),
            Layer::Norm(Norm::new(NormKind::Layer)),
            Layer::Norm(Norm::new(NormKind::Group { groups: n() })),
            Layer::Flatten,
        ];
        for layer in layers {
            if let Ok(output) = layer.output(input) {
                assert!(output.numel().is_some());
                layer.multiply_adds(input, output);
                assert!(layer.parameters(input).is_some());
                answers += 1;
            }
        }
    }
    assert!(answers > 1000, "{answers}");
}

#[test]
fn known_shapes() {
    // PyTorch: torch.nn.MaxPool2d(2, stride=2, ceil_mode=True) on 5 gives 3; with a stride of 3
    // the last window would start behind the image, so there are 2.
    let pool = |kernel, stride| Pool2d {
        stride: [stride; 2],
        ceil_mode: true,
        ..Pool2d::max([kernel; 2])
    };
    assert_eq!(pool(2, 2).output(Shape::image(1, 5, 5)), Ok(Shape::image(1, 3, 3)));
    assert_eq!(pool(2, 3).output(Shape::image(1, 6, 6)), Ok(Shape::image(1, 2, 2)));
    // ResNet's stem: (224 + 2·3 - 7) / 2 + 1 = 112.
    let stem =
        Conv2d { stride: [2, 2], padding: Padding::symmetric(3, 3), ..Conv2d::new(64, [7, 7]) };
    assert_eq!(stem.output(Shape::image(3, 224, 224)), Ok(Shape::image(64, 112, 112)));
    assert_eq!(Conv2d { bias: false, ..stem }.parameters(3), Some(9408));
}
