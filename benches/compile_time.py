#!/usr/bin/env python3
"""How long rustc takes over networks: `python3 benches/compile_time.py [--repeat 5] [--json FILE]`.

Each network is a crate of its own that declares it, builds it and runs a batch. Its dependencies
are built before; then its source is changed and checked (`cargo check`), and changed and built
(`cargo build`), several times: the medians are in the table, in seconds, beside an empty program's.
The time of macro expansion is what rustc's own timer says (RUSTC_BOOTSTRAP makes a stable compiler
show it).
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

LENET = """
    pub struct Net: [3, 32, 32] -> [10] {
        conv1: Conv2d(6, kernel = 5), ReLU, MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5), ReLU, MaxPool2d(2),
        Flatten,
        fc1: Linear(120), ReLU, fc2: Linear(84), ReLU, fc3: Linear(10),
    }
"""


def vgg16():
    steps = []
    for channels, n in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]:
        steps += [f"Conv2d({channels}, kernel = 3, padding = 1), ReLU,"] * n + ["MaxPool2d(2),"]
    steps += ["Flatten, Linear(4096), ReLU, Dropout(0.5), Linear(4096), ReLU, Dropout(0.5),"]
    return net("[3, 224, 224]", steps + ["Linear(1000),"])


def resnet18():
    """The paper's, written out: every layer with a name."""
    steps = [
        "conv1: Conv2d(64, kernel = 7, stride = 2, padding = 3, bias = false), bn1: BatchNorm2d, ReLU,",
        "MaxPool2d(3, stride = 2, padding = 1),",
    ]
    for group, channels in enumerate([64, 128, 256, 512], 1):
        blocks = []
        for block in range(2):
            stride = 2 if group > 1 and block == 0 else 1
            down = f"""shortcut {{
                downsample: {{ Conv2d({channels}, kernel = 1, stride = 2, bias = false), BatchNorm2d }},
            }}""" if stride == 2 else ""
            blocks.append(f"""block{block}: {{
                Residual {{
                    conv1: Conv2d({channels}, kernel = 3, stride = {stride}, padding = 1, bias = false),
                    bn1: BatchNorm2d,
                    ReLU,
                    conv2: Conv2d({channels}, kernel = 3, padding = 1, bias = false),
                    bn2: BatchNorm2d,
                }} {down},
                ReLU,
            }},""")
        steps.append(f"layer{group}: {{ {' '.join(blocks)} }},")
    return net("[3, 224, 224]", steps + ["GlobalAvgPool2d, fc: Linear(1000),"])


def resnet50():
    """Bottlenecks as networks with const parameters, for any image size: 53 convolutions."""
    blocks = """
    pub struct Bottleneck<const IN: usize, const MID: usize, const OUT: usize>:
        for<H, W> [IN, H, W] -> [OUT, _, _]
    {
        Residual {
            conv1: Conv2d(MID, kernel = 1, bias = false), bn1: BatchNorm2d, ReLU,
            conv2: Conv2d(MID, kernel = 3, padding = 1, bias = false), bn2: BatchNorm2d, ReLU,
            conv3: Conv2d(OUT, kernel = 1, bias = false), bn3: BatchNorm2d,
        },
        ReLU,
    }
    pub struct First<const IN: usize, const MID: usize, const OUT: usize, const STRIDE: usize>:
        for<H, W> [IN, H, W] -> [OUT, _, _]
    {
        Residual {
            conv1: Conv2d(MID, kernel = 1, bias = false), bn1: BatchNorm2d, ReLU,
            conv2: Conv2d(MID, kernel = 3, stride = STRIDE, padding = 1, bias = false),
            bn2: BatchNorm2d, ReLU,
            conv3: Conv2d(OUT, kernel = 1, bias = false), bn3: BatchNorm2d,
        } shortcut {
            downsample: { Conv2d(OUT, kernel = 1, stride = STRIDE, bias = false), BatchNorm2d },
        },
        ReLU,
    }
    """
    steps = [
        "conv1: Conv2d(64, kernel = 7, stride = 2, padding = 3, bias = false), bn1: BatchNorm2d, ReLU,",
        "MaxPool2d(3, stride = 2, padding = 1),",
    ]
    before = 64
    for group, (mid, n) in enumerate([(64, 3), (128, 4), (256, 6), (512, 3)], 1):
        out, stride = 4 * mid, 1 if group == 1 else 2
        inner = f"First<{before}, {mid}, {out}, {stride}>, " + f"Bottleneck<{out}, {mid}, {out}>, " * (n - 1)
        steps.append(f"layer{group}: {{ {inner} }},")
        before = out
    return blocks + net("[3, 224, 224]", steps + ["GlobalAvgPool2d, fc: Linear(1000),"])


def chain(n):
    return net("[8, 32, 32]", ["Conv2d(8, kernel = 3, padding = 1), ReLU,"] * (n // 2))


def net(shape, steps):
    output = "[_, _, _]" if "Linear" not in steps[-1] else "[_]"
    body = "\n        ".join(steps)
    return f"\n    pub struct Net: {shape} -> {output} {{\n        {body}\n    }}\n"


NETWORKS = {
    "empty": None,
    "LeNet": LENET,
    "VGG-16": vgg16(),
    "ResNet-18": resnet18(),
    "ResNet-50": resnet50(),
    "chain of 50": chain(50),
    "chain of 100": chain(100),
    "chain of 200": chain(200),
}


def program(declaration):
    if declaration is None:
        return "fn main() {}\n"
    shape = [int(n) for n in re.search(r"Net: \[(.*?)\]", declaration).group(1).split(",")]
    return f"""use shapewright::prelude::*;

net! {{{declaration}}}

fn main() {{
    let dev = Cpu::default();
    let mut net = dev.build_module::<Net, f32>();
    let x: Tensor<Rank4<1, {shape[0]}, {shape[1]}, {shape[2]}>, f32, _> = dev.sample_normal();
    let y = net.forward(x.clone());
    let grads = net.forward_mut(x.traced(net.alloc_grads())).sum().backward();
    println!("{{}} {{}}", y.as_vec().len(), grads.get(&y.retaped::<NoneTape>()).as_vec().len());
}}
"""


def run(command, crate, target, **env):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=crate, capture_output=True, text=True,
                          env={**os.environ, "CARGO_TARGET_DIR": target, **env})
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed in {crate}:\n{done.stderr[-4000:]}")
    return time.perf_counter() - start, done.stdout + done.stderr


def measure(name, declaration, where, target, repeat):
    crate = where / re.sub(r"\W+", "-", name.lower())
    (crate / "src").mkdir(parents=True)
    (crate / "Cargo.toml").write_text(f"""[package]
name = "{crate.name}"
version = "0.0.0"
edition = "2024"

[dependencies]
shapewright = {{ path = "{ROOT}" }}
""")
    if (ROOT / "Cargo.lock").exists():
        (crate / "Cargo.lock").write_text((ROOT / "Cargo.lock").read_text())
    (crate / "rust-toolchain.toml").write_text((ROOT / "rust-toolchain.toml").read_text())
    source, main = program(declaration), crate / "src" / "main.rs"
    main.write_text(source)
    run(["cargo", "check"], crate, target)
    run(["cargo", "build"], crate, target)
    # A switch of RUSTC_BOOTSTRAP would build the dependencies anew, so these have a place of their own.
    timed = ["cargo", "rustc", "--", "-Ztime-passes"]
    run(timed, crate, f"{target}-timed", RUSTC_BOOTSTRAP="1")
    times = {"check": [], "build": [], "macro": []}
    for i in range(repeat):
        for what in ["check", "build"]:
            main.write_text(f"{source}\npub const CHANGE: usize = {i};\n")
            times[what].append(run(["cargo", what], crate, target)[0])
        main.write_text(f"{source}\npub const TIMED: usize = {i};\n")
        _, output = run(timed, crate, f"{target}-timed", RUSTC_BOOTSTRAP="1")
        expand = re.search(r"time:\s+([\d.]+);.*\bmacro_expand_crate", output)
        times["macro"].append(float(expand.group(1)) if expand else float("nan"))
    return {what: statistics.median(all) for what, all in times.items()}


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--repeat", type=int, default=5)
    args.add_argument("--only", help="networks whose name has this in it")
    args.add_argument("--json", type=Path)
    args = args.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as where:
        target = os.environ.get("CARGO_TARGET_DIR", f"{where}/target")
        print(f"{'network':14} {'check':>7} {'build':>7} {'macro':>7}   seconds after a change")
        for name, declaration in NETWORKS.items():
            if args.only and args.only.lower() not in name.lower():
                continue
            times = measure(name, declaration, Path(where), target, args.repeat)
            results[name] = times
            print(f"{name:14} {times['check']:7.2f} {times['build']:7.2f} {times['macro']:7.3f}", flush=True)
    if args.json:
        args.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
