//! Diagrams of networks: that all of a network is in them, at any depth, and what is refused.

use std::fs;

use shapewright::network::Declared;
use shapewright::plot::{Canvas, Diagram, Figure};
use shapewright::prelude::*;

net! {
    struct LeNet: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5, padding = 2),
        Tanh,
        AvgPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        Tanh,
        AvgPool2d(2),
        Flatten,
        fc1: Linear(120),
        Tanh,
        fc2: Linear(10),
    }

    struct Block<const C: usize>: for<H, W> [C, H, W] -> [C, H, W] {
        Residual {
            conv1: Conv2d(C, kernel = 3, padding = 1, bias = false),
            BatchNorm2d,
        },
        ReLU,
    }

    struct Branches: for<H, W> [3, H, W] -> [5] {
        stem: Conv2d(8, kernel = (3, 1), stride = (2, 1)),
        body: Repeat<3> { Block<8> },
        Concat {
            { Conv2d(4, kernel = 1) },
            { Conv2d(6, kernel = 1), Conv2d(6, kernel = 3, padding = 1), ReLU },
            {},
        },
        GlobalAvgPool2d,
        Linear(5),
    }

    struct Sequence: [2, 64] -> [4, 31] { Conv1d(4, kernel = 4, stride = 2), GELU }
}

/// The texts of the figure as SVG.
fn words(diagram: &Diagram, name: &str) -> Vec<String> {
    let file = format!("shapewright-diagram-{}-{name}.svg", std::process::id());
    let file = std::env::temp_dir().join(file);
    diagram.save(&file).unwrap();
    let svg = fs::read_to_string(&file).unwrap();
    fs::remove_file(file).unwrap();
    assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
    let texts = svg.lines().filter(|line| line.starts_with("<text"));
    texts.map(|line| line.split(['<', '>']).nth(2).unwrap().to_string()).collect()
}

fn count(words: &[String], word: &str) -> usize {
    words.iter().filter(|own| *own == word).count()
}

#[test]
fn every_layer_and_shape_is_there() {
    let words = words(&Diagram::of::<LeNet>(), "lenet");
    assert_eq!(words[..2], ["LeNet", "51 902 parameters"]);
    let line = ["1 × 28 × 28", "6 × 28 × 28", "6 × 14 × 14", "16 × 10 × 10", "16 × 5 × 5"];
    for shape in line.into_iter().chain(["400", "120", "10"]) {
        assert_eq!(count(&words, shape), 1, "{shape}: {words:?}");
    }
    for name in ["conv1", "conv2", "fc1", "fc2", "Tanh"] {
        assert_eq!(count(&words, name), 1, "{name}: {words:?}");
    }
    // The boxes' own and that of the legend.
    assert_eq!((count(&words, "Conv2d"), count(&words, "5×5"), count(&words, "Linear")), (3, 2, 3));
}

#[test]
fn what_is_within_opens_level_by_level() {
    let diagram = Diagram::of_input::<Branches>(&[3, 33, 32]).unwrap();
    let closed = words(&diagram, "closed");
    for word in ["stem", "3×1", "stride (2, 1)", "body", "Block", "× 3", "Concat", "18 × 16 × 32"]
    {
        assert!(closed.contains(&word.to_string()), "{word}: {closed:?}");
    }
    assert_eq!((count(&closed, "conv1"), count(&closed, "BatchNorm2d")), (0, 0));
    // The shorter branches lead past the longest.
    assert_eq!(count(&closed, "Conv2d 1×1"), 1);

    let open = words(&diagram.clone().depth(1), "open");
    assert_eq!((count(&open, "body × 3"), count(&open, "Block")), (1, 1));
    let wide_open = words(&diagram.depth(2), "wide-open");
    for word in ["body × 3", "Block", "conv1", "BatchNorm2d", "sum"] {
        assert_eq!(count(&wide_open, word), 1, "{word}: {wide_open:?}");
    }
}

#[test]
fn sequences_have_two_dimensions() {
    let words = words(&Diagram::of::<Sequence>().title("sequence"), "sequence");
    for word in ["sequence", "2 × 64", "4 × 31", "kernel 4", "stride 2", "GELU"] {
        assert_eq!(count(&words, word), 1, "{word}: {words:?}");
    }
}

#[test]
fn long_networks_go_on_in_the_next_row() {
    let sizes =
        [f32::INFINITY, 550.0, 300.0, 0.0].map(|width| Diagram::of::<LeNet>().width(width).size());
    for pair in sizes.windows(2) {
        assert!(pair[1][0] < pair[0][0] && pair[1][1] > pair[0][1], "{sizes:?}");
    }
    assert!(sizes[0][0] < 700.0 && sizes[1][0] <= 550.0);
}

/// A figure of a known size, to draw diagrams on.
struct Inside<'a>(&'a Diagram);

impl Figure for Inside<'_> {
    fn size(&self) -> [f32; 2] {
        self.0.size().map(|side| side + 20.0)
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        self.0.draw(&mut canvas.part([10.0, 10.0], self.0.size()));
    }
}

#[test]
fn nothing_is_cut_off() {
    fn check<N: Declared>(diagrams: &mut Vec<Diagram>) {
        let depths = (0..3).map(|depth| Diagram::of::<N>().depth(depth));
        diagrams.extend(depths.flat_map(|d| [d.clone(), d.clone().width(500.0), d.width(150.0)]));
    }
    let mut diagrams = Vec::new();
    check::<LeNet>(&mut diagrams);
    check::<Branches>(&mut diagrams);
    check::<Sequence>(&mut diagrams);
    for (i, diagram) in diagrams.iter().enumerate() {
        let file = format!("shapewright-diagram-{}-{i}.png", std::process::id());
        let file = std::env::temp_dir().join(file);
        Inside(diagram).save(&file).unwrap();
        let bytes = std::io::Cursor::new(fs::read(&file).unwrap());
        fs::remove_file(file).unwrap();
        let mut reader = png::Decoder::new(bytes).read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut rgb).unwrap();
        let (width, height) = (info.width as usize, info.height as usize);
        for (at, _) in rgb.chunks(3).enumerate().filter(|(_, pixel)| *pixel != [255; 3]) {
            let (x, y) = (at % width, at / width);
            let inside = 20 <= x && x < width - 20 && 20 <= y && y < height - 20;
            assert!(inside, "{diagram:?}: something at {x}, {y} of {width} × {height}");
        }
    }
}

#[test]
fn what_is_refused() {
    let sentence = |input: &[usize]| Diagram::of_input::<Branches>(input).unwrap_err().to_string();
    let example = "`Branches` takes inputs such as [3, 224, 224]";
    assert_eq!(sentence(&[1, 32, 32]), format!("{example}, but this is [1, 32, 32]"));
    assert_eq!(sentence(&[]), format!("{example}, but this is []"));
    assert_eq!(sentence(&[3; 4]), format!("{example}, but this is [3, 3, 3, 3]"));
    assert!(sentence(&[3, 2, 32]).contains("kernel of `stem`"), "{}", sentence(&[3, 2, 32]));
    for n in [0, usize::MAX, 1 << 62] {
        assert!(Diagram::of_input::<Branches>(&[3, n, 8]).is_err(), "{n}");
    }
}
