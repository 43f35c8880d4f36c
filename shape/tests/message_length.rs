//! With the compiler's own lines no message has more than 30, however long or deep the network.

use shapewright_shape::{
    Activation, Claim, Conv2d, Join, Layer, Linear, Network, Norm, NormKind, Padding, Pool2d,
    Reshape, Shape, Step, StepKind, words,
};

/// The place with the line of code, and an empty line.
const OF_THE_COMPILER: usize = 5;

/// Numbers without a pattern.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }
}

fn layer(random: &mut Random) -> Layer {
    let conv = Conv2d { padding: Padding::symmetric(1, 1), ..Conv2d::new(8, [3, 3]) };
    match random.below(14) {
        0 => Layer::Conv2d(Conv2d { groups: 1 + random.below(9), ..conv }),
        1 => Layer::Conv2d(Conv2d { in_channels: Some(1 + random.below(9)), ..conv }),
        2 => Layer::Conv2d(Conv2d { stride: [random.below(3), 2], ..conv }),
        3 => Layer::Pool2d(Pool2d::max([random.below(4), 2])),
        4 => Layer::Linear(Linear { in_features: Some(400), ..Linear::new(10) }),
        5 => Layer::Norm(Norm::new(NormKind::Group { groups: random.below(9) })),
        6 => Layer::Reshape(Reshape { to: Claim::sequence(Some(random.below(9)), None) }),
        7..10 => Layer::Activation(Activation::ReLU),
        _ => Layer::Conv2d(conv),
    }
}

fn steps(random: &mut Random, most: usize, depth: usize) -> &'static [Step<'static>] {
    let count = 1 + random.below(most);
    let steps = (0..count).map(|_| {
        let name = if random.below(2) == 0 { "a_name" } else { "" };
        let kind = if depth == 0 || random.below(6) > 0 {
            StepKind::Layer(layer(random))
        } else {
            let join = [Join::Chain, Join::Residual, Join::Shortcut, Join::Sum, Join::Concat];
            let join = if random.below(4) == 0 {
                Join::Repeat(random.below(5))
            } else {
                join[random.below(join.len())]
            };
            let branches = match join {
                Join::Chain | Join::Residual | Join::Repeat(_) => 1,
                Join::Shortcut => 2,
                _ => 2 + random.below(3),
            };
            let branches: Vec<_> = (0..branches).map(|_| steps(random, most, depth - 1)).collect();
            StepKind::Block(shapewright_shape::Block { join, branches: branches.leak() })
        };
        Step { name, kind }
    });
    steps.collect::<Vec<_>>().leak()
}

#[test]
fn no_message_has_over_30_lines() {
    let (mut random, mut mistakes, mut longest) = (Random(1), 0, 0);
    for case in 0..240 {
        let steps = steps(&mut random, [6, 20, 80][case % 3], case % 5);
        let input = match case % 4 {
            0 => Claim::image(Some(8), None, None),
            _ => Claim::exactly(Shape::image(8, 32, 32)),
        };
        let network = Network::new("Net", input, Claim::features(Some(10)), steps);
        let Err(mistake) = network.run(input.with_open(32)) else { continue };
        mistakes += 1;
        let text = words::explain(&network, &mistake);
        let lines = text.as_str().lines().count() + OF_THE_COMPILER;
        assert!(lines <= 30, "{lines} lines:\n{text}");
        longest = longest.max(lines);
        // The help comes last: nothing was cut for want of room.
        assert!(text.as_str().len() < shapewright_shape::Text::CAPACITY, "{text}");
    }
    assert!(mistakes > 220 && longest > 25, "{mistakes} mistakes, {longest} lines");
}

/// Every mistake has a line that helps.
#[test]
fn every_message_helps() {
    let mut random = Random(2);
    for case in 0..120 {
        let steps = steps(&mut random, 12, case % 3);
        let input = Claim::exactly(Shape::image(8, 32, 32));
        let network = Network::new("Net", input, Claim::features(Some(10)), steps);
        let Err(mistake) = network.check() else { continue };
        let text = words::explain(&network, &mistake);
        assert!(text.as_str().contains("\nhelp: "), "{text}");
    }
}
