//! The same network on `Cpu` and on `Cuda`.
#![cfg(feature = "cuda")]

use crate::common::{noise, relative_error};
use shapewright::prelude::*;

net! {
    struct Net: [3, 12, 12] -> [5] {
        conv1: Conv2d(8, kernel = 3, padding = same, bias = false),
        bn1: BatchNorm2d,
        ReLU,
        MaxPool2d(2),
        Residual {
            conv2: Conv2d(8, kernel = 3, padding = 1, groups = 2),
            GELU,
        },
        Concat {
            { Conv2d(4, kernel = 1) },
            { AvgPool2d(3, stride = 1, padding = 1) },
        },
        GroupNorm(3),
        Upsample(scale = 2, mode = bilinear),
        ConvTranspose2d(6, kernel = 2, stride = 2),
        GlobalAvgPool2d,
        fc: Linear(5),
    }
}

type Batch<D> = Tensor<Rank4<2, 3, 12, 12>, f32, D>;

fn batch<D: Device<f32>>(dev: &D) -> Batch<D> {
    let elements = noise(1, 2 * 3 * 12 * 12).into_iter().map(|x| x as f32).collect();
    dev.tensor_from_vec(elements, Default::default())
}

/// A few steps of training, for which the devices' running statistics are no longer the initial
/// ones.
fn trained() -> Net<f32, Cpu> {
    let dev = Cpu::seed_from_u64(1);
    let mut net = dev.build_module::<Net, f32>();
    let mut sgd = Sgd::new(&net, SgdConfig { lr: 0.1, ..Default::default() });
    let mut grads = net.alloc_grads();
    for _ in 0..3 {
        let loss = net.forward_mut(batch(&dev).traced(grads)).square().mean();
        grads = loss.backward();
        sgd.update(&mut net, &grads).unwrap();
        net.zero_grads(&mut grads);
    }
    net
}

fn assert_same(cpu: &Net<f32, Cpu>, cuda: &Net<f32, Cuda>) {
    let expected = cpu.forward(batch(&Cpu::default())).as_vec();
    let got = cuda.forward(batch(&Cuda::default())).as_vec();
    let error = relative_error(&got, &expected);
    assert!(error < 1e-5, "the logits differ by {error:e}");
}

#[test]
fn weights_saved_on_one_device_load_on_the_other() {
    let dir = std::env::temp_dir().join(format!("shapewright-devices-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let file = dir.join("net.safetensors");

    let on_cpu = trained();
    on_cpu.save_safetensors(&file).unwrap();
    let mut on_cuda = Cuda::seed_from_u64(2).build_module::<Net, f32>();
    on_cuda.load_safetensors(&file).unwrap();
    assert_same(&on_cpu, &on_cuda);

    on_cuda.save_safetensors(&file).unwrap();
    let mut back = Cpu::seed_from_u64(3).build_module::<Net, f32>();
    back.load_safetensors(&file).unwrap();
    let x = batch(&Cpu::default());
    assert_eq!(back.forward(x.clone()).as_vec(), on_cpu.forward(x).as_vec());
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn a_network_moves_to_another_device() {
    let net = trained();
    assert_same(&net, &net.clone().to_device(&Cuda::default()));
}

#[test]
fn a_seed_gives_the_same_weights_on_both() {
    let cpu = Cpu::seed_from_u64(5).build_module::<Net, f32>();
    let cuda = Cuda::seed_from_u64(5).build_module::<Net, f32>();
    assert_eq!(cpu.fc.weight.as_vec(), cuda.fc.weight.as_vec());
    assert_same(&cpu, &cuda);
}
