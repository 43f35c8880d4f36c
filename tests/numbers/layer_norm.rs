//! `LayerNorm`'s parameters have PyTorch's shape, that of what is normalised, wherever the shape comes
//! from: written, computed by the compiler, of a network before, or of const parameters.

use crate::common::{Reference, relative_error};
use shapewright::prelude::*;

const LENGTH: usize = 5;

net! {
    struct Image: [2, 4, 3] -> [2, 4, 3] { norm: LayerNorm }
    struct Sequence: [3, LENGTH] -> [3, 5] { norm: LayerNorm }
    struct Features<const N: usize>: [N] -> [N] { norm: LayerNorm }

    struct Same<const C: usize>: [C, 4, 3] -> [C, 4, 3] {}

    struct AfterANetwork: [2, 4, 3] -> [2, 4, 3] { self::Same<2>, norm: LayerNorm }

    struct OfConstParameters<const C: usize>: [C, 4, 6] -> [C] {
        Residual { image: LayerNorm },
        Conv2d(C, kernel = 1, stride = (1, 2)),
        self::Same<C>,
        => [C, _, _],
        checked: LayerNorm,
        Sum { { Conv2d(C, kernel = 1), first: LayerNorm }, {} },
        Reshape([2, _]),
        sequence: LayerNorm,
        Flatten,
        Linear(C),
        features: LayerNorm,
    }
}
/// Sets the parameters to PyTorch's, which has to be of their shapes, and compares what it gives and
/// the gradients.
macro_rules! compare {
    ($reference:ident, $case:literal, $Net:ty, $X:ty) => {{
        let dev = AutoDevice::default();
        let mut net = dev.build_module::<$Net, f32>();
        let tensor = |name: &str| $reference.tensor(&$reference.case($case).name(name));
        for (name, parameter) in [("w", &mut net.norm.weight), ("b", &mut net.norm.bias)] {
            let (shape, values) = tensor(name);
            assert_eq!(
                HasShape::shape(parameter).concrete().as_slice(),
                shape,
                "{name} of {}",
                $case
            );
            parameter.copy_from(&values);
        }
        let input = |name: &str| {
            let mut x: Tensor<$X, f32, _> = dev.zeros();
            x.copy_from(&tensor(name).1);
            x
        };
        let y = net.forward(input("x").leaky_trace());
        let found = y.as_vec();
        let grads = (y * input("gy")).sum().backward();
        let [weight, bias] = [grads.get(&net.norm.weight), grads.get(&net.norm.bias)];
        for (name, found) in [("y", found), ("gw", weight.as_vec()), ("gb", bias.as_vec())] {
            let error = relative_error(&found, &tensor(name).1);
            assert!(error < 1e-5, "{name} of {}: {error:e}", $case);
        }
    }};
}

#[test]
fn parameters_of_pytorch_fit() {
    let reference = Reference::load();
    compare!(reference, "layer_norm_036", Features<6>, Rank2<4, 6>);
    compare!(reference, "layer_norm_038", Sequence, Rank3<2, 3, 5>);
    compare!(reference, "layer_norm_040", Image, Rank4<3, 2, 4, 3>);
    compare!(reference, "layer_norm_040", AfterANetwork, Rank4<3, 2, 4, 3>);
}

#[test]
fn the_shape_may_depend_on_const_parameters() {
    let dev = AutoDevice::seed_from_u64(1);
    let mut net = dev.build_module::<OfConstParameters<4>, f32>();
    assert_eq!(net.image.weight.shape().concrete(), [4, 4, 6]);
    assert_eq!(net.checked.bias.shape().concrete(), [4, 4, 3]);
    assert_eq!(net.first.weight.shape().concrete(), [4, 4, 3]);
    assert_eq!(net.sequence.bias.shape().concrete(), [2, 24]);
    assert_eq!(net.features.weight.shape().concrete(), [4]);
    assert_eq!(net.num_trainable_params(), OfConstParameters::<4>::PARAMETERS);

    // Each element has a bias of its own.
    for (i, bias) in [1.0, 2.0, 3.0, 4.0].into_iter().enumerate() {
        let mut values = net.features.bias.as_vec();
        values[i] = bias;
        net.features.bias.copy_from(&values);
    }
    net.features.weight = dev.zeros_like(net.features.weight.shape());
    let y: Tensor<Rank2<2, 4>, f32, _> = net.forward(dev.sample_normal::<Rank4<2, 4, 4, 6>>());
    assert_eq!(y.array(), [[1.0, 2.0, 3.0, 4.0]; 2]);
}

#[test]
fn a_file_of_the_flat_layout_is_refused_with_both_shapes() {
    #[allow(dead_code)]
    mod flat {
        use shapewright::prelude::*;
        net! { pub struct Features: [24] -> [24] { norm: LayerNorm } }
    }
    let dev = AutoDevice::default();
    let file = std::env::temp_dir().join(format!("flat-{}.safetensors", std::process::id()));
    dev.build_module::<flat::Features, f32>().save_safetensors(&file).unwrap();
    let mut net = dev.build_module::<Image, f32>();
    let error = net.load_safetensors(&file).unwrap_err().to_string();
    net.save_safetensors(&file).unwrap();
    let loaded = net.load_safetensors(&file);
    std::fs::remove_file(&file).unwrap();
    assert!(error.contains("norm.weight: [24] in the file, [2, 4, 3] in the network"), "{error}");
    assert!(error.contains("norm.bias: [24] in the file, [2, 4, 3] in the network"), "{error}");
    loaded.unwrap();
}
