//! Networks as layers of others, also from another module, named and unnamed, two levels deep.

use shapewright::prelude::*;

mod models {
    use shapewright::prelude::net;

    net! {
        pub struct Backbone: [3, 32, 32] -> [16, 5, 5] {
            conv1: Conv2d(6, kernel = 5),
            ReLU,
            MaxPool2d(2),
            conv2: Conv2d(16, kernel = 5),
            ReLU,
            MaxPool2d(2),
        }
    }
}

net! {
    struct Head: [16, 5, 5] -> [_] {
        Flatten,
        Dropout(0.5),
        fc: Linear(10),
    }

    struct Classifier: [3, 32, 32] -> [10] {
        backbone: models::Backbone,
        => [16, 5, 5],
        Head,
        LogSoftmax,
    }

    struct Twice: [3, 32, 32] -> [2] {
        classifier: Classifier,
        self::Scale,
    }

    struct Scale: [10] -> [2] { Linear(2) }
}

fn main() {
    let dev = Cpu::default();
    let mut net = dev.build_module::<Classifier, f32>();
    let x: Tensor<Rank4<4, 3, 32, 32>, f32, _> = dev.sample_normal();
    let y: Tensor<Rank2<4, 10>, f32, _> = net.forward(x.clone());

    // The parts by themselves give the same.
    let features = net.backbone.forward(x.clone());
    let logits = net._1.forward(features);
    let alone = logits.log_softmax::<Axis<1>>();
    let close = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-5;
    assert!(y.as_vec().iter().zip(&alone.as_vec()).all(close));

    // Dropout in the inner network is on in training.
    let noisy = net.forward_mut(x.clone()).as_vec();
    assert!(!y.as_vec().iter().zip(&noisy).all(close));

    // Every parameter gets its gradient.
    let grads = net.forward_mut(x.traced(net.alloc_grads())).square().mean().backward();
    assert!(grads.get(&net.backbone.conv1.weight).as_vec().iter().any(|g| *g != 0.0));
    assert!(grads.get(&net._1.fc.weight).as_vec().iter().any(|g| *g != 0.0));

    assert_eq!(Classifier::PARAMETERS, 456 + 2416 + 4010);
    assert_eq!(net.num_trainable_params(), Classifier::PARAMETERS);
    assert_eq!(Twice::PARAMETERS, Classifier::PARAMETERS + 22);
    assert_eq!(Twice::MULTIPLY_ADDS, 352_800 + 240_000 + 4000 + 20);
    let summary = Twice::summary().to_string();
    assert!(summary.contains("classifier.backbone.conv1  Conv2d(3 -> 6, kernel = 5)"), "{summary}");
    assert!(summary.contains("classifier.1.fc "), "{summary}");

    let path = std::env::temp_dir().join(format!("classifier-{}.safetensors", std::process::id()));
    net.save_safetensors(&path).unwrap();
    let mut other = dev.build_module::<Classifier, f32>();
    other.load_safetensors(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(other._1.fc.weight.as_vec(), net._1.fc.weight.as_vec());
}
