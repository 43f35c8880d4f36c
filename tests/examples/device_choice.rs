//! `--device` of an example, and what it says where there is no such device.
use std::sync::LazyLock;

use crate::program::{Dir, Program};

static LENET: LazyLock<Program> = LazyLock::new(|| Program::build("lenet"));

/// Where a training writes its weights, its checkpoint and its pictures.
fn files(dir: &Dir) -> [String; 3] {
    ["net.safetensors", "net.checkpoint", "pictures"].map(|name| dir.path(name))
}

/// The arguments of a short training on this device.
fn training<'a>(device: &'a str, [weights, checkpoint, out]: &'a [String; 3]) -> Vec<&'a str> {
    let short = ["--epochs=1", "--train-size=64", "--test-size=50", "--batch=32"];
    let files = ["--weights", weights, "--checkpoint", checkpoint, "--out", out];
    [&["--device", device][..], &files, &short].concat()
}

/// Asserts that a training on this device fails with these words, under these variables.
fn assert_fails(device: &str, variables: &[(&'static str, &'static str)], words: &str) {
    let dir = Dir::new("device-fails");
    let error = LENET.with(variables).failure(&training(device, &files(&dir)));
    assert!(error.contains(words), "{words:?} is not in:\n{error}");
    assert_eq!(error.lines().count(), 1, "one sentence:\n{error}");
}

#[test]
fn the_processor_is_always_there() {
    let dir = Dir::new("device-cpu");
    let out = LENET.stdout(&training("cpu", &files(&dir)));
    assert!(out.starts_with("device: Cpu\n"), "{out}");
    assert!(out.contains("\ntest accuracy: "), "{out}");
}

#[test]
fn an_unknown_device_is_refused_with_those_that_are_known() {
    for device in ["gpu", "cuda:", "cuda:x", ""] {
        let error = LENET.failure(&["--device", device]);
        assert!(error.contains("the devices are auto, cpu, cuda and cuda:N"), "{error}");
    }
}

#[cfg(not(feature = "cuda"))]
#[test]
fn without_the_feature_a_gpu_is_refused_and_auto_is_the_processor() {
    let built = "error: this program was built without CUDA; build it with `--features cuda`";
    assert_fails("cuda", &[], built);
    let dir = Dir::new("device-auto");
    let out = LENET.stdout(&training("auto", &files(&dir)));
    assert!(out.starts_with("device: Cpu\n"), "{out}");
}

#[cfg(feature = "cuda")]
#[test]
fn weights_of_a_gpu_measure_the_same_on_the_processor() {
    let dir = Dir::new("device-cuda");
    let files = files(&dir);
    let trained = LENET.stdout(&training("auto", &files));
    assert!(trained.starts_with("device: Cuda\n"), "{trained}");
    let measure = ["--device=cpu", "--test-size=50", "--evaluate", &files[0]];
    let measured = LENET.stdout(&measure);
    let accuracy = |out: &str| out.lines().find(|l| l.starts_with("test ")).map(str::to_owned);
    assert!(accuracy(&trained).is_some());
    assert_eq!(accuracy(&trained), accuracy(&measured));
}

/// On the emulation, which can fail as is asked for.
#[cfg(feature = "cuda")]
#[test]
fn what_is_wrong_with_a_gpu_is_a_sentence() {
    if std::env::var_os("CUDA_EMULATION").is_none() {
        return;
    }
    let fail = |what| [("CUDA_EMULATION_FAIL", what)];
    assert_fails("cuda", &fail("cuInit:100"), "there is no NVIDIA GPU here");
    assert_fails("cuda", &fail("cuInit:34"), "there is no NVIDIA driver here");
    assert_fails("cuda", &fail("cuInit:803"), "are of different versions");
    assert_fails("cuda", &fail("cuInit:999"), "the NVIDIA driver does not work");
    assert_fails("cuda", &fail("cuDeviceGetCount:3"), "CUDA_ERROR_NOT_INITIALIZED");
    assert_fails("cuda", &fail("cuDevicePrimaryCtxRetain:46"), "has the GPU to itself");
    assert_fails("cuda", &fail("cuDevicePrimaryCtxRetain:2"), "the GPU is out of memory");
    assert_fails("cuda", &fail("cublasCreate:1"), "CUDA can't be used");
    assert_fails("cuda", &fail("cuModuleLoadData:222"), "the NVIDIA driver is older than the CUDA");
    assert_fails("cuda", &fail("cuModuleLoadData:209"), "was built for another kind of GPU");
    assert_fails("cuda", &fail("nvrtcCompileProgram:6"), "NVRTC can't compile");
    assert_fails("cuda:7", &[], "there is no GPU 7: 1 GPU, counted from 0");

    // Enough to begin with.
    let memory = [("CUDA_EMULATION_MEMORY", "2000000")];
    assert_fails("cuda", &memory, "the GPU is out of memory");

    let dir = Dir::new("device-fallback");
    let lenet = LENET.with(&fail("cuInit:100"));
    let out = lenet.stdout(&training("auto", &files(&dir)));
    assert!(out.starts_with("device: Cpu\n"), "{out}");
}
