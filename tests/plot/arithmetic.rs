//! Figures of convolution arithmetic: what they say, their frames, and what is refused.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use shapewright::plot::{Arithmetic, Error, Figure};
use shapewright::prelude::*;
use shapewright::shape::{Conv2d, ConvTranspose2d, Padding, Pool2d};

fn dir(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("shapewright-arithmetic-{}-{name}", std::process::id()))
}

fn svg(figure: &Arithmetic, name: &str) -> String {
    let file = dir(name).join("figure.svg");
    figure.save(&file).unwrap();
    let svg = fs::read_to_string(&file).unwrap();
    fs::remove_dir_all(dir(name)).unwrap();
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
    svg
}

/// What is written in a figure, in the order in which it is drawn.
fn words(svg: &str) -> Vec<&str> {
    let texts = svg.lines().filter(|line| line.starts_with("<text"));
    texts.map(|line| line.split(['<', '>']).nth(2).unwrap()).collect()
}

fn strided() -> Arithmetic {
    let padding = Padding::symmetric(1, 1);
    let conv = Conv2d { stride: [2, 2], padding, ..Conv2d::new(1, [3, 3]) };
    Arithmetic::conv2d(conv, [5, 5]).unwrap()
}

/// Dumoulin and Visin's figure 1.7: a 3×3 kernel on 5×5 pixels, padding 1, stride 2.
#[test]
fn the_numbers_of_the_guide() {
    let dev = Cpu::default();
    let image = dev.tensor([
        [3.0, 3.0, 2.0, 1.0, 0.0],
        [0.0, 0.0, 1.0, 3.0, 1.0],
        [3.0, 1.0, 2.0, 2.0, 3.0],
        [2.0, 0.0, 0.0, 2.0, 2.0],
        [2.0, 0.0, 0.0, 0.0, 1.0],
    ]);
    let kernel = dev.tensor([[0.0, 1.0, 2.0], [2.0, 2.0, 0.0], [0.0, 1.0, 2.0]]);
    let figure = strided().input(&image).unwrap().kernel(&kernel).unwrap();
    let svg = svg(&figure.at(2, 2).unwrap(), "guide");
    let words = words(&svg);
    for line in [
        "Conv2d(kernel = 3, stride = 2, padding = 1)",
        "input 5 × 5",
        "padded to 7 × 7",
        "output 3 × 3",
        "(5 + 2·1 - 1·(3-1) - 1) / 2 + 1 = 3",
        "2·0 + 2·1 + 0·2 +",
        "0·0 + 0·1 + 0·2 = 4",
    ] {
        assert!(words.contains(&line), "{line}: {words:?}");
    }
    let outputs = ["6", "17", "3", "8", "17", "13", "6", "4", "4"];
    assert!(words.windows(9).any(|nine| nine == outputs), "{words:?}");
}

#[test]
fn what_is_not_computed_yet_is_not_written() {
    let image = Cpu::default().tensor([[1.0, 2.0, 70.0, 8.0], [3.0, 4.0, 5.0, 6.0]]);
    let pool = Arithmetic::pool2d(Pool2d::max([2, 2]), [2, 4]).unwrap().input(&image).unwrap();
    let count = |figure: &Arithmetic, name| {
        words(&svg(figure, name)).into_iter().filter(|word| *word == "70").count()
    };
    assert_eq!(count(&pool, "first"), 1, "a pixel");
    assert_eq!(count(&pool.at(0, 1).unwrap(), "second"), 2, "a pixel and the output");
    assert!(svg(&pool, "sum").contains("max(1, 2, 3, 4) = 4"));
}

#[test]
fn an_animation_has_a_frame_for_each_output() {
    let dir = dir("gif");
    let figure = strided().delay(Duration::from_millis(250));
    figure.save_gif(dir.join("conv.gif")).unwrap();
    let pngs = figure.save_frames(dir.join("conv")).unwrap();
    assert_eq!((pngs.len(), &pngs[8]), (9, &dir.join("conv-8.png")));

    let file = fs::File::open(dir.join("conv.gif")).unwrap();
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut gif = options.read_info(file).unwrap();
    let size = [gif.width(), gif.height()].map(usize::from);
    assert_eq!(size, figure.size().map(|side| 2 * side.ceil() as usize));
    assert_eq!(gif.repeat(), gif::Repeat::Infinite);
    let mut shown = vec![0; 3 * size[0] * size[1]];
    for png in &pngs {
        let frame = gif.read_next_frame().unwrap().expect("as many frames as outputs");
        assert_eq!(frame.delay, 25);
        for (i, pixel) in frame.buffer.chunks(4).enumerate() {
            let [left, top, width] = [frame.left, frame.top, frame.width].map(usize::from);
            let at = 3 * ((top + i / width) * size[0] + left + i % width);
            if pixel[3] > 0 {
                shown[at..at + 3].copy_from_slice(&pixel[..3]);
            }
        }
        // There are so few colours that all are exact.
        let file = std::io::BufReader::new(fs::File::open(png).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut rgb).unwrap();
        assert!(shown == rgb, "{}", png.display());
    }
    assert!(gif.read_next_frame().unwrap().is_none());
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn frames_are_of_one_size() {
    let dev = Cpu::default();
    let image = dev.tensor([[1.0, -20.25, 3.0], [4.0, 5.0, -600.0], [0.0, 1.0, 2.5]]);
    let kernel = dev.tensor([[-1.5, 2.0], [10.0, 0.25]]);
    let up = ConvTranspose2d { stride: [2, 1], ..ConvTranspose2d::new(1, [2, 2]) };
    let figure = Arithmetic::conv_transpose2d(up, [3, 3]).unwrap();
    let figure = figure.input(&image).unwrap().kernel(&kernel).unwrap();
    let sizes: Vec<_> = figure.frames().map(|frame| frame.size()).collect();
    assert_eq!(sizes.len(), 6 * 4);
    assert!(sizes.iter().all(|size| *size == figure.size()));
}

#[test]
fn what_is_refused() {
    let conv = Conv2d::new(1, [3, 3]);
    let sentence = |result: Result<Arithmetic, Error>| result.unwrap_err().to_string();
    let too_small = sentence(Arithmetic::conv2d(conv, [5, 2]));
    let expected = "the kernel of `Conv2d` reaches over 3 columns, but its input has 2";
    assert_eq!(too_small, expected);
    let wrong = Conv2d { stride: [0, 1], ..conv };
    assert!(sentence(Arithmetic::conv2d(wrong, [5, 5])).contains("stride"), "{wrong:?}");
    let too_large = sentence(Arithmetic::conv2d(conv, [65, 5]));
    assert!(too_large.ends_with("on 65 × 5 would have more than 64 cells along a side"));

    let image = Cpu::default().tensor([[1.0, 2.0], [3.0, 4.0]]);
    let figure = Arithmetic::conv2d(conv, [5, 5]).unwrap();
    assert!(sentence(figure.clone().input(&image)).contains("5 × 5"));
    assert!(sentence(figure.clone().kernel(&image)).contains("3 × 3"));
    assert!(sentence(figure.at(3, 0)).contains("(3, 0)"));
    let pool = Arithmetic::pool2d(Pool2d::max([2, 2]), [4, 4]).unwrap();
    assert_eq!(sentence(pool.kernel(&image)), "a pool has no kernel");

    let error = figure.save_gif(dir("refused").join("conv.png")).unwrap_err();
    assert!(matches!(error, Error::Format { .. }), "{error}");
    let wide = Arithmetic::conv2d(Conv2d::new(1, [1, 1]), [40, 40]).unwrap().scale(20.0);
    let error = wide.save_gif(dir("refused").join("wide.gif")).unwrap_err().to_string();
    assert!(error.contains("1600 frames"), "{error}");
    assert!(!dir("refused").exists());
}

#[test]
fn absurd_options_are_refused_too() {
    let absurd = [0, usize::MAX, usize::MAX / 2, isize::MAX as usize, 1 << 40, 65];
    for n in absurd {
        let padding = Padding::symmetric(n, n);
        for input in [[5, 5], [n, 5], [5, n]] {
            let conv = Conv2d::new(1, [3, 3]);
            let up = ConvTranspose2d::new(1, [3, 3]);
            let pool = Pool2d::max([2, 2]);
            // Whatever fits is drawn, whatever does not is a sentence: none of it panics.
            let results = [
                Arithmetic::conv2d(Conv2d { kernel: [n, 3], ..conv }, input),
                Arithmetic::conv2d(Conv2d { stride: [3, n], ..conv }, input),
                Arithmetic::conv2d(Conv2d { dilation: [n, n], ..conv }, input),
                Arithmetic::conv2d(Conv2d { groups: n, out_channels: n, ..conv }, input),
                Arithmetic::conv_transpose2d(ConvTranspose2d { kernel: [n, 3], ..up }, input),
                Arithmetic::conv_transpose2d(ConvTranspose2d { stride: [n, 1], ..up }, input),
                Arithmetic::pool2d(Pool2d { kernel: [n, n], ..pool }, input),
                Arithmetic::pool2d(Pool2d { stride: [n, n], ceil_mode: true, ..pool }, input),
            ];
            let padded = Arithmetic::conv2d(Conv2d { padding, ..conv }, input);
            assert!(n == 0 && input == [5, 5] || padded.is_err(), "{n} {input:?}");
            for figure in results.into_iter().flatten() {
                assert!(figure.size().into_iter().all(|side| side < 3000.0), "{figure:?}");
            }
        }
    }
}

net! {
    struct Net: [1, 16, 16] -> [4, 5, 5] {
        stem: { conv: Conv2d(4, kernel = 3, padding = same), ReLU },
        Residual { inner: Conv2d(4, kernel = 3, padding = 1) },
        pool: AvgPool2d(2, stride = 3),
    }

    struct Sequence: [1, 20] -> [2, 18] { conv: Conv1d(2, kernel = 3) }
}

#[test]
fn steps_of_a_network() {
    let sentence = |name| Arithmetic::of_step::<Net>(name).unwrap_err().to_string();
    for (name, outputs) in [("stem.conv", 256), ("inner", 256), ("pool", 25)] {
        assert_eq!(Arithmetic::of_step::<Net>(name).unwrap().frames().count(), outputs);
    }
    for name in ["stem", "conv", "stem.conv.x", "poo", ""] {
        assert_eq!(sentence(name), format!("`Net` has no convolution or pool `{name}`"));
    }
    let sequence = Arithmetic::of_step::<Sequence>("conv").unwrap();
    assert!(svg(&sequence, "sequence").contains("conv: Conv1d(1 -&gt; 2, kernel = 3)"));
    assert_eq!(sequence.frames().count(), 18);
}
