//! What named steps give: typed, and equal to running the parts by hand.

use shapewright::prelude::*;

const WIDTH: usize = 4;

net! {
    struct Backbone: [3, 16, 16] -> [8, 8, 8] {
        conv: Conv2d(8, kernel = 3, padding = 1),
        pool: MaxPool2d(2),
    }

    struct Net: [3, 16, 16] -> [10] {
        backbone: Backbone,
        Residual {
            conv1: Conv2d(8, kernel = 3, padding = 1),
            relu: ReLU,
        },
        stage: {
            down: Conv2d(6, kernel = 2, stride = 2),
            mix: Concat { { left: Tanh }, { right: Sigmoid } },
        },
        deep: Repeat<3> { conv: Conv2d(12, kernel = 1), ReLU },
        shrinking: Repeat<2> { conv: Conv2d(12, kernel = 2) },
        features: Flatten,
        Dropout(0.5),
        fc: Linear(10),
    }

    struct ByConstants: [3, 8, 8] -> [_] {
        conv: Conv2d(WIDTH, kernel = 3),
        global: GlobalAvgPool2d,
        fc: Linear(2),
    }

    struct AnySize: for<H, W> [3, H, W] -> [2, _, _] { conv: Conv2d(2, kernel = 3), relu: ReLU }

    struct Wide<const C: usize>: [3, 8, 8] -> [C, 6, 6] { conv: Conv2d(C, kernel = 3) }
}

fn close<S: Shape, R: Shape>(a: &Tensor<S, f32, AutoDevice>, b: &Tensor<R, f32, AutoDevice>) {
    let (a, b) = (a.as_vec(), b.as_vec());
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-5), "{a:?} {b:?}");
}

#[test]
fn each_named_step_has_its_tensor() {
    let dev = AutoDevice::seed_from_u64(1);
    let net = dev.build_module::<Net, f32>();
    let x: Tensor<Rank4<2, 3, 16, 16>, f32, _> = dev.sample_normal();
    let a = net.activations(x.clone());

    let backbone: &Tensor<Rank4<2, 8, 8, 8>, f32, AutoDevice> = &a.backbone;
    close(backbone, &net.backbone.forward(x.clone()));
    let relu: &Tensor<Rank4<2, 8, 8, 8>, f32, AutoDevice> = &a.relu;
    close(relu, &a.conv1.clone().relu());
    let down: &Tensor<Rank4<2, 6, 4, 4>, f32, AutoDevice> = &a.stage.down;
    close(&a.stage.mix.left, &down.clone().tanh());
    close(&a.stage.mix.right, &down.clone().sigmoid());
    let mix: &Tensor<Rank4<2, 12, 4, 4>, f32, AutoDevice> = &a.stage.mix.output;
    close(mix, &a.stage.output);
    let deep: &[NetDeepActivations<Const<2>, f32, AutoDevice>] = &a.deep;
    assert_eq!(deep.len(), 3);
    close(&deep[2].output, &deep[2].conv.clone().relu());
    let sizes: Vec<_> = a.shrinking.iter().map(|a| a.output.shape().concrete()).collect();
    assert_eq!(sizes, [[2, 12, 3, 3], [2, 12, 2, 2]]);
    let features: &Tensor<Rank2<2, 48>, f32, AutoDevice> = &a.features;
    close(features, &a.shrinking[1].output);
    let output: &Tensor<Rank2<2, 10>, f32, AutoDevice> = &a.output;
    close(output, &a.fc);
    close(output, &net.forward(x));
}

#[test]
fn shapes_that_only_the_compiler_knows() {
    let dev = AutoDevice::seed_from_u64(1);
    let net = dev.build_module::<ByConstants, f32>();
    let a = net.activations(dev.sample_normal::<Rank4<2, 3, 8, 8>>());
    let conv: &Tensor<Rank4<2, 4, 6, 6>, f32, AutoDevice> = &a.conv;
    let global: &Tensor<Rank2<2, 4>, f32, AutoDevice> = &a.global;
    close(global, &conv.clone().mean::<Rank2<2, 4>, _>());
    let output: &Tensor<Rank2<2, 2>, f32, AutoDevice> = &a.output;
    close(output, &a.fc);

    let net = dev.build_module::<AnySize, f32>();
    let a = net.activations(dev.sample_normal::<Rank4<2, 3, 8, 9>>());
    let relu: &Tensor<(Const<2>, Const<2>, usize, usize), f32, AutoDevice> = &a.relu;
    close(relu, &a.conv.clone().relu());
    assert_eq!(a.output.shape().concrete(), [2, 2, 6, 7]);

    let net = dev.build_module::<Wide<5>, f32>();
    let a = net.activations(dev.sample_normal::<Rank4<2, 3, 8, 8>>());
    let output: &Tensor<Rank4<2, 5, 6, 6>, f32, AutoDevice> = &a.output;
    close(output, &a.conv);
}

#[test]
fn an_input_that_does_not_fit_is_an_error() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<AnySize, f32>();
    let x: Tensor<(usize, Const<3>, usize, usize), f32, _> = dev.zeros_like(&(1, Const, 2, 2));
    assert!(net.try_activations(x).unwrap_err().to_string().contains("reaches over 3 rows"));
}
