//! The messages, as const evaluation and the macro print them.

use shapewright_shape::{
    Activation, Arg, Claim, Conv2d, Layer, Linear, Mistake, Network, Pool2d, Shape, Step, StepKind,
    words,
};

const fn step(name: &'static str, layer: Layer) -> Step<'static> {
    Step { name, kind: StepKind::Layer(layer) }
}

const fn linear(input: usize, output: usize) -> Layer {
    Layer::Linear(Linear { in_features: Some(input), out_features: output, bias: true })
}

const LENET: Network = Network {
    name: "LeNet",
    input: Shape::image(3, 64, 64),
    output: Claim::features(Some(10)),
    steps: &[
        step("conv1", Layer::Conv2d(Conv2d::new(6, [5, 5]))),
        step("", Layer::Activation(Activation::ReLU)),
        step("", Layer::Pool2d(Pool2d::max([2, 2]))),
        step("conv2", Layer::Conv2d(Conv2d::new(16, [5, 5]))),
        step("", Layer::Activation(Activation::ReLU)),
        step("", Layer::Pool2d(Pool2d::max([2, 2]))),
        step("", Layer::Flatten),
        step("fc1", linear(400, 120)),
    ],
};

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

help: write `Linear(2704 -> 120)`, or let it be inferred: `Linear(120)`
      or declare the input as [3, 32, 32], for which 400 is right
      or bring the feature map to 5 × 5 first with `AdaptiveAvgPool2d(5)`";
    assert_eq!(TEXT.as_str(), expected);
    assert_eq!(MISTAKE.unwrap().problem.arg(), Arg::In);
}

#[test]
fn long_networks_show_the_steps_before_the_mistake() {
    let mut steps = vec![step("", Layer::Activation(Activation::ReLU)); 60];
    steps.push(step("last", linear(7, 1)));
    let network = Network { input: Shape::features(8), steps: &steps, ..LENET };
    let text = words::explain(&network, &network.check().unwrap_err());
    let text = text.as_str();
    assert!(text.starts_with("`last` takes 7 features, but the 60th `ReLU` gives 8\n"), "{text}");
    assert!(text.contains("⋮") && text.lines().count() < 30, "{text}");
    assert!(text.ends_with("let it be inferred: `Linear(1)`"), "{text}");
}
