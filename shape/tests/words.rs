//! The messages, as const evaluation and the macro print them.

use shapewright_shape::{
    Activation, Arg, Claim, Conv2d, Join, Layer, Linear, Mistake, Network, Pool2d, Shape, Step,
    StepKind, words,
};

const fn step(name: &'static str, layer: Layer) -> Step<'static> {
    Step { name, kind: StepKind::Layer(layer) }
}

const fn linear(input: usize, output: usize) -> Layer {
    Layer::Linear(Linear { in_features: Some(input), ..Linear::new(output) })
}

const LENET: Network = Network::new(
    "LeNet",
    Claim::exactly(Shape::image(3, 64, 64)),
    Claim::features(Some(10)),
    &[
        step("conv1", Layer::Conv2d(Conv2d::new(6, [5, 5]))),
        step("", Layer::Activation(Activation::ReLU)),
        step("", Layer::Pool2d(Pool2d::max([2, 2]))),
        step("conv2", Layer::Conv2d(Conv2d::new(16, [5, 5]))),
        step("", Layer::Activation(Activation::ReLU)),
        step("", Layer::Pool2d(Pool2d::max([2, 2]))),
        step("", Layer::Flatten),
        step("fc1", linear(400, 120)),
    ],
);

/// Found and put into words by const evaluation.
const MISTAKE: Option<Mistake> = match LENET.check() {
    Ok(_) => None,
    Err(mistake) => Some(mistake),
};
const TEXT: shapewright_shape::Text = match MISTAKE {
    Some(mistake) => words::explain(&LENET, &mistake),
    None => panic!(),
};

#[test]
fn a_64_by_64_image_in_a_lenet_for_32_by_32() {
    let expected = "\
`fc1` takes 400 features, but `Flatten` gives 2704 (16 × 13 × 13)

  input             [3, 64, 64]
  conv1  Conv2d     [6, 60, 60]   (64 + 2·0 - 1·(5-1) - 1) / 1 + 1 = 60
         ReLU       [6, 60, 60]
         MaxPool2d  [6, 30, 30]   (60 + 2·0 - 1·(2-1) - 1) / 2 + 1 = 30
  conv2  Conv2d     [16, 26, 26]  (30 + 2·0 - 1·(5-1) - 1) / 1 + 1 = 26
         ReLU       [16, 26, 26]
         MaxPool2d  [16, 13, 13]  (26 + 2·0 - 1·(2-1) - 1) / 2 + 1 = 13
         Flatten    [2704]
→ fc1    Linear     takes [400]

help: write `Linear(2704 -> 120)`
      or let it be inferred: write `Linear(120)`
      or declare the input as `[3, 32, 32]`, for which 400 is right
      or put `AdaptiveAvgPool2d(5)` before the `Flatten`, which brings the image to 5 × 5";
    assert_eq!(TEXT.as_str(), expected);
    assert_eq!(MISTAKE.unwrap().problem.arg(), Arg::In);
}

#[test]
fn long_networks_show_the_steps_around_the_mistake() {
    let mut steps = vec![step("", Layer::Activation(Activation::ReLU)); 60];
    steps.push(step("last", linear(7, 1)));
    let network =
        Network { input: Claim::features(Some(8)), output: Claim::ANY, steps: &steps, ..LENET };
    let text = words::explain(&network, &network.check().unwrap_err());
    let text = text.as_str();
    assert!(text.starts_with("`last` takes 7 features, but the 60th `ReLU` gives 8\n"), "{text}");
    assert!(text.contains("⋮") && text.lines().count() < 30, "{text}");
    assert!(text.ends_with("let it be inferred: write `Linear(1)`"), "{text}");
}

const fn conv3x3(name: &'static str, out_channels: usize, stride: usize) -> Step<'static> {
    let mut conv = Conv2d::new(out_channels, [3, 3]);
    conv.stride = [stride, stride];
    conv.padding = shapewright_shape::Padding::Explicit([[1, 1], [1, 1]]);
    step(name, Layer::Conv2d(conv))
}

const RELU: Step = Step::layer(Layer::Activation(Activation::ReLU));

fn first_mistake(network: &Network) -> String {
    words::explain(network, &network.check().unwrap_err()).to_string()
}

fn network<'a>(steps: &'a [Step<'a>]) -> Network<'a> {
    Network::new("Net", Claim::exactly(Shape::image(3, 32, 32)), Claim::ANY, steps)
}

#[test]
fn a_residual_whose_block_changes_the_shape() {
    const BLOCK: &[Step] = &[conv3x3("conv1", 64, 2), RELU, conv3x3("conv2", 64, 1)];
    const RESIDUAL: Step = Step::block(Join::Residual, &[BLOCK]);
    let expected = "\
the block of `Residual` gives [64, 16, 16], which can't be added to its input [32, 32, 32]

  input              [3, 32, 32]
  stem   Conv2d      [32, 32, 32]  (32 + 2·1 - 1·(3-1) - 1) / 1 + 1 = 32
         Residual {
  conv1    Conv2d    [64, 16, 16]  (32 + 2·1 - 1·(3-1) - 1) / 2 + 1 = 16, rounded down
           ReLU      [64, 16, 16]
  conv2    Conv2d    [64, 16, 16]  (16 + 2·1 - 1·(3-1) - 1) / 1 + 1 = 16
→        }           [32, 32, 32] and [64, 16, 16]

help: bring the input there, too: `shortcut { Conv2d(64, kernel = 1, stride = 2) }` after the block";
    assert_eq!(first_mistake(&network(&[conv3x3("stem", 32, 1), RESIDUAL, RELU])), expected);
}

#[test]
fn branches_look_as_they_are_written() {
    const SAME: &[Step] = &[conv3x3("", 3, 1)];
    const HALF: &[Step] = &[conv3x3("", 3, 2)];
    const CONCAT: Step = Step::block(Join::Concat, &[SAME, &[], HALF]).named("mix");
    let expected = "\
the branches of `mix` don't meet: the ones before give [6, 32, 32], the 3rd gives [3, 16, 16]

  input            [3, 32, 32]
  mix    Concat {
           Conv2d  [3, 32, 32]  (32 + 2·1 - 1·(3-1) - 1) / 1 + 1 = 32
         }, {
         }, {
           Conv2d  [3, 16, 16]  (32 + 2·1 - 1·(3-1) - 1) / 2 + 1 = 16, rounded down
→        }         [6, 32, 32] and [3, 16, 16]

help: give the 2nd `Conv2d` of `mix` the option `stride = 1`";
    assert_eq!(first_mistake(&network(&[CONCAT])), expected);
}

const fn conv7(name: &'static str) -> Step<'static> {
    step(name, Layer::Conv2d(Conv2d { in_channels: Some(7), ..Conv2d::new(8, [3, 3]) }))
}

#[test]
fn mistakes_deep_within_have_the_path_of_their_parameters() {
    const WRONG: &[Step] = &[RELU, conv7("conv2")];
    const BLOCK: &[Step] = &[conv3x3("conv1", 3, 2), Step::block(Join::Residual, &[WRONG]), RELU];
    const LAYERS: &[Step] = &[Step::block(Join::Repeat(3), &[BLOCK])];
    const LAYER1: Step = Step::block(Join::Chain, &[LAYERS]).named("layer1");
    let text = first_mistake(&network(&[RELU, LAYER1]));
    let expected = "\
`layer1.0.0.conv2` takes 7 channels, but the 1st `ReLU` of `layer1.0.0` gives 3

  input                             [3, 32, 32]
                    ReLU            [3, 32, 32]
  layer1            {
                      Repeat<3> {
  layer1.0.0.conv1      Conv2d      [3, 16, 16]  (32 + 2·1 - 1·(3-1) - 1) / 2 + 1 = 16, rounded down
                        Residual {
                          ReLU      [3, 16, 16]
→ layer1.0.0.conv2        Conv2d    takes [7, height, width]

help: write `Conv2d(3 -> 8, …)`
      or let it be inferred: write `Conv2d(8, …)`";
    assert_eq!(text, expected);
}

#[test]
fn a_network_within_a_network_has_its_own_table() {
    const INNER: Network =
        Network::new("Block", Claim::image(None, None, None), Claim::ANY, &[RELU, conv7("conv2")])
            .generic();
    const STEP: Step = Step { name: "", kind: StepKind::Network(&INNER) };
    const LAYER1: Step = Step::block(Join::Chain, &[&[RELU, STEP]]).named("layer1");
    let expected = "\
`layer1.1.conv2` takes 7 channels, but `ReLU` of `layer1.1` gives 3

  input          [3, 32, 32]
         ReLU    [3, 32, 32]
→ conv2  Conv2d  takes [7, height, width]

help: in `Block`, `Conv2d(3 -> 8, …)` would do
      or in `Block`, `Conv2d(8, …)` would do";
    assert_eq!(first_mistake(&network(&[LAYER1])), expected);
}

#[test]
fn a_repeat_that_changes_the_channels() {
    const BLOCK: &[Step] = &[conv3x3("conv", 8, 1)];
    let text = first_mistake(&network(&[Step::block(Join::Repeat(2), &[BLOCK])]));
    let headline = "each round of `Repeat` takes [3, 32, 32], but the one before gives [8, 32, 32]";
    assert!(text.starts_with(headline), "{text}");
}

#[test]
fn a_repeat_that_shrinks_the_image_too_often() {
    const BLOCK: &[Step] = &[conv3x3("conv", 3, 2), step("", Layer::Pool2d(Pool2d::max([4, 4])))];
    let text = first_mistake(&network(&[Step::block(Join::Repeat(9), &[BLOCK]).named("down")]));
    let headline =
        "the kernel of `MaxPool2d` of `down.1` reaches over 4 rows, but its input has 2\n";
    assert!(text.starts_with(headline), "{text}");
    assert!(text.contains("Repeat<9> {") && text.contains("round 2"), "{text}");
}

#[test]
fn a_network_for_any_size_can_not_flatten() {
    let steps = [conv3x3("conv", 8, 1), step("", Layer::Flatten), step("fc", linear(5, 5))];
    let any = Network { input: Claim::image(Some(3), None, None), ..network(&steps) };
    let text = first_mistake(&any);
    let headline = "the features that `Flatten` gives would depend on the size of the input, which `Net` leaves open";
    assert!(text.starts_with(headline), "{text}");
    assert!(text.contains("`Net` takes [3, _, _], for example:\n\n  input"), "{text}");
}
