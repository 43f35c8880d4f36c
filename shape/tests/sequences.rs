//! Layers of sequences: the arithmetic of images of one row, in words of their own.

use shapewright_shape::{
    Axis, Claim, Conv1d, Conv2d, Layer, Network, Padding, Pool1d, Pool2d, PoolKind, Problem, Shape,
    Step, StepKind, Weight, words,
};

#[test]
fn convolutions_are_those_of_images_of_one_row() {
    let paddings = [Padding::ends(0, 0), Padding::ends(2, 1), Padding::Same, Padding::Full];
    let options = [1, 2, 3];
    for length in 1..20 {
        for padding in paddings {
            for kernel in options {
                for [stride, dilation] in [[1, 1], [2, 1], [1, 3], [3, 2]] {
                    let conv = Conv1d { stride, padding, dilation, ..Conv1d::new(6, kernel) };
                    let ours = conv.output(Shape::sequence(4, length));
                    let theirs = conv.image().output(Shape::image(4, 1, length));
                    match (ours, theirs) {
                        (Ok(ours), Ok(theirs)) => {
                            assert_eq!(ours, Shape::sequence(6, theirs.dim(2)));
                            assert_eq!(theirs.dim(1), 1);
                        }
                        (Err(problem), Err(_)) => {
                            let Problem::KernelTooLarge { window, .. } = problem else { panic!() };
                            assert_eq!(window.axis, Axis::Length);
                        }
                        (ours, theirs) => panic!("{conv:?} of {length}: {ours:?}, {theirs:?}"),
                    }
                }
            }
        }
    }
}

#[test]
fn counts() {
    let layer = Layer::Conv1d(Conv1d { groups: 2, ..Conv1d::new(6, 3) });
    let (x, y) = (Shape::sequence(4, 10), Shape::sequence(6, 8));
    assert_eq!(layer.output(x), Ok(y));
    assert_eq!(layer.parameters(x), Some(6 * (2 * 3 + 1)));
    assert_eq!(layer.multiply_adds(x, y), 8 * 6 * 2 * 3);
    let weight = Weight::of(&layer, x).unwrap();
    assert_eq!((weight.dims(), weight.bias), (&[6, 2, 3][..], Shape::features(6)));
}

#[test]
fn pools() {
    let x = Shape::sequence(3, 10);
    let output = |pool: Pool1d| pool.output(x).map(|y| y.dim(1));
    assert_eq!(output(Pool1d::max(3)), Ok(3));
    assert_eq!(output(Pool1d { ceil_mode: true, ..Pool1d::max(3) }), Ok(4));
    assert_eq!(output(Pool1d { padding: Padding::ends(1, 1), ..Pool1d::avg(2) }), Ok(6));
    assert_eq!(output(Pool1d { dilation: 4, stride: 1, ..Pool1d::max(3) }), Ok(2));
    let padded = Pool1d { padding: Padding::ends(0, 2), ..Pool1d::max(3) };
    let problem = Problem::PoolPadding { axis: Axis::Length, kernel: 3, padding: 2 };
    assert_eq!(padded.output(x), Err(problem));
    assert_eq!(padded.check_options(), Err(problem));
    let names = [PoolKind::Max, PoolKind::Min, PoolKind::Lp { p: 2.0 }]
        .map(|kind| Pool1d { kind, ..Pool1d::max(2) }.name());
    assert_eq!(names, ["MaxPool1d", "MinPool1d", "LpPool1d"]);
}

/// What a network with one such step says, without the table.
fn says(input: Shape, layer: Layer) -> String {
    let steps = [Step { name: "", kind: StepKind::Layer(layer) }];
    let dims: Vec<_> = input.dims().iter().map(|&n| Some(n)).collect();
    let input = Claim::from_dims(&dims).unwrap();
    let network = Network::new("Net", input, Claim::features(None), &steps);
    let message = words::explain(&network, &network.check().unwrap_err()).to_string();
    let paragraphs: Vec<_> = message.split("\n\n").collect();
    match paragraphs[..] {
        [first] => first.to_string(),
        [first, .., last] => format!("{first}; {last}"),
        [] => String::new(),
    }
}

#[test]
fn mistakes_in_words() {
    let conv = Conv1d::new(6, 3);
    let cases = [
        (
            Layer::Conv1d(Conv1d { kernel: 8, ..conv }),
            "the kernel of `Conv1d` reaches over 8 elements, but its input has 5; \
             help: write `kernel = 5`\n      or write `padding = 2`",
        ),
        (
            Layer::Conv1d(Conv1d { in_channels: Some(3), ..conv }),
            "`Conv1d` takes 3 channels, but the input has 4; \
             help: write `Conv1d(4 -> 6, …)`\n      \
             or let it be inferred: write `Conv1d(6, …)`",
        ),
        (
            Layer::Conv1d(Conv1d { groups: 3, ..conv }),
            "3 groups do not divide the 4 input channels of `Conv1d`; \
             help: write `groups = 2`, one of the divisors 1, 2 of both 4 and 6",
        ),
        (
            Layer::Conv1d(Conv1d { kernel: 0, ..conv }),
            "the kernel length of `Conv1d` must be at least 1; help: write `kernel = 3`",
        ),
        (
            Layer::Conv1d(Conv1d { kernel: 3, stride: 0, ..conv }),
            "the stride of `Conv1d` must be at least 1; help: write `stride = 1`",
        ),
        (
            Layer::Pool1d(Pool1d { dilation: 0, ..Pool1d::max(2) }),
            "the dilation of `MaxPool1d` must be at least 1 (1 means: no gaps); \
             help: write `dilation = 1`",
        ),
        (
            Layer::Pool1d(Pool1d { padding: Padding::ends(2, 0), ..Pool1d::avg(3) }),
            "the padding of `AvgPool1d` is 2 elements, more than half of its kernel of 3; \
             help: write `padding = 1`\n      or write `AvgPool1d(4, …)`",
        ),
        (
            Layer::Conv2d(Conv2d::new(6, [3, 3])),
            "`Conv2d` takes an image [channels, height, width], but the input is a sequence \
             [4, 5]; help: write `Conv1d(6, …)`",
        ),
        (
            Layer::Pool2d(Pool2d::avg([2, 2])),
            "`AvgPool2d` takes an image [channels, height, width], but the input is a sequence \
             [4, 5]; help: write `AvgPool1d(2)`",
        ),
    ];
    for (layer, message) in cases {
        assert_eq!(says(Shape::sequence(4, 5), layer), message);
    }
    assert_eq!(
        says(Shape::image(4, 5, 6), Layer::Conv1d(conv)),
        "`Conv1d` takes a sequence [channels, length], but the input is an image [4, 5, 6]; \
         help: write `Conv2d(6, …)`"
    );
    assert_eq!(
        says(Shape::features(4), Layer::Pool1d(Pool1d::max(2))),
        "`MaxPool1d` takes a sequence [channels, length], but the input is features [4]; \
         help: put `Reshape([1, 4])` before it"
    );
}

#[test]
fn the_table_shows_the_length() {
    let conv = Conv1d { padding: Padding::ends(2, 0), ..Conv1d::new(8, 3) };
    let steps = [
        Step { name: "conv", kind: StepKind::Layer(Layer::Conv1d(conv)) },
        Step { name: "", kind: StepKind::Layer(Layer::Pool1d(Pool1d::max(2))) },
    ];
    let input = Claim::sequence(Some(1), Some(25));
    let network = Network::new("Net", input, Claim::sequence(None, None), &steps);
    let table = "\
input             [1, 25]  parameters
conv   Conv1d     [8, 25]          32  (25 + 2 + 0 - 1·(3-1) - 1) / 1 + 1 = 25
       MaxPool1d  [8, 12]              (25 + 2·0 - 1·(2-1) - 1) / 2 + 1 = 12, rounded down
";
    assert_eq!(words::table(&network).as_str(), table);
}
