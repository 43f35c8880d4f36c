#!/usr/bin/env python3
"""Weights to and from PyTorch, for tests/weights/pytorch.rs.

    python3 tools/weights.py                  writes tests/data/weights/
    python3 tools/weights.py check FILE...    loads what that test wrote to target/tmp/weights/

Needs torch, numpy and safetensors; the metadata of examples.safetensors says which torch wrote the
files. `<network>.<dtype>.{safetensors,npz}` are state dicts as PyTorch saves them, of networks in
evaluation with running statistics that are not those of a fresh network. examples.safetensors has
the inputs `<network>.input` and what comes out, `<network>.<dtype>`, computed in double precision
with the weights as they are in the file.

A file to be checked is called `<network>.…` and holds the weights below `model.`, an `input` and an
`output`: PyTorch's output has to be the same to 1e-4, relative.
"""

import json
import pathlib
import sys

import numpy
import torch
from safetensors import numpy as safetensors_numpy
from safetensors import torch as safetensors_torch
from torch import nn

SEED = 20261122
DATA = pathlib.Path(__file__).parent.parent / "tests" / "data" / "weights"
DTYPES = {"f16": torch.half, "bf16": torch.bfloat16, "f32": torch.float, "f64": torch.double}


class BasicBlock(nn.Module):
    """As torchvision.models.resnet.BasicBlock, with its names."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = None
        if stride != 1 or inputs != channels:
            conv = nn.Conv2d(inputs, channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(conv, nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    """As torchvision.models.resnet18, with its names, but of few channels and classes."""

    def __init__(self, channels=(4, 6, 8, 10), classes=5):
        super().__init__()
        self.conv1 = nn.Conv2d(3, channels[0], 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(channels[0])
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        inputs = channels[0]
        for i, c in enumerate(channels):
            blocks = [BasicBlock(inputs, c, 1 if i == 0 else 2), BasicBlock(c, c, 1)]
            setattr(self, f"layer{i + 1}", nn.Sequential(*blocks))
            inputs = c
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


def layers():
    """Every kind of layer with parameters, by its number among those that have none."""
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1, groups=3),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1, groups=2),
        nn.GroupNorm(2, 4),
        nn.SiLU(),
        nn.Conv2d(4, 8, (3, 5), stride=2, bias=False),
        nn.BatchNorm2d(8, eps=1e-3),
        nn.LeakyReLU(0.1),
        nn.Flatten(),
        nn.Linear(72, 12),
        nn.BatchNorm1d(12),
        nn.Tanh(),
        nn.Dropout(0.5),
        nn.LayerNorm(12),
        nn.Linear(12, 5, bias=False),
    )


class Sequence(nn.Module):
    """Modules in modules, and sequences."""

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.down = nn.Sequential(
                nn.Conv1d(2, 6, 5, stride=2, padding=2), nn.BatchNorm1d(6), nn.ReLU()
            )
            self.mix = nn.Conv1d(6, 6, 3, padding=2, dilation=2, groups=2)
            self.norm = nn.GroupNorm(3, 6)

        def forward(self, x):
            return self.norm(self.mix(self.down(x)))

    def __init__(self):
        super().__init__()
        self.encoder = self.Encoder()
        self.head = nn.Linear(6 * 5, 4)

    def forward(self, x):
        return self.head(nn.functional.max_pool1d(self.encoder(x), 2).flatten(1))


NETWORKS = {
    "resnet18": (ResNet18, (2, 3, 35, 40)),
    "layers": (layers, (3, 3, 8, 10)),
    "sequence": (Sequence, (3, 2, 20)),
}


def trained(build):
    """A network whose parameters and statistics are all unlike a fresh one's."""
    network = build().double().eval()
    for name, tensor in network.state_dict().items():
        if name.endswith("running_var"):
            tensor.uniform_(0.5, 2.0)
        elif name.endswith("num_batches_tracked"):
            tensor.fill_(1000)
        elif tensor.dim() == 1:
            tensor.add_(torch.randn_like(tensor) * 0.3)
    return network


def run(network, weights, x):
    """The output in double precision."""
    network.double().load_state_dict(weights, strict=True)
    with torch.no_grad():
        return network.eval()(x.double())


def save(path, weights):
    weights = {name: tensor.contiguous() for name, tensor in weights.items()}
    safetensors_torch.save_file(weights, path.with_suffix(path.suffix + ".safetensors"))
    if torch.bfloat16 in [tensor.dtype for tensor in weights.values()]:
        return  # NumPy has no such type.
    arrays = {name: tensor.numpy() for name, tensor in weights.items()}
    write = numpy.savez_compressed if path.suffix in [".f16", ".f64"] else numpy.savez
    write(path.with_suffix(path.suffix + ".npz"), **arrays)


def write_networks():
    examples = {}
    for key, (build, shape) in NETWORKS.items():
        network = trained(build)
        x = examples[f"{key}.input"] = torch.randn(shape)
        for dtype in DTYPES if key == "layers" else ["f32"]:
            cast = lambda t: t.to(DTYPES[dtype]) if t.is_floating_point() else t
            weights = {name: cast(t) for name, t in network.state_dict().items()}
            save(DATA / f"{key}.{dtype}", weights)
            examples[f"{key}.{dtype}"] = run(build(), weights, x).float()
    about = {"torch": torch.__version__, "numpy": numpy.__version__, "seed": SEED}
    # One entry, for more would be written in an order of chance.
    safetensors_torch.save_file(
        examples, DATA / "examples.safetensors", {"about": json.dumps(about)}
    )


def write_arrays():
    """What else NumPy writes: each array but the scalar and the empty one counts from 0 up."""
    count = numpy.arange(24).reshape(2, 3, 4)
    kinds = ["<f2", "<f4", "<f8", ">f2", ">f4", ">f8", "|i1", "|u1", "<i2", ">u2", "<i4", ">u4", ">i8", "<u8"]
    arrays = {kind.strip("<|").replace(">", "big_"): count.astype(kind) for kind in kinds}
    arrays["fortran"] = numpy.asfortranarray(count.astype("<f4"))
    arrays["big_fortran"] = numpy.asfortranarray(count.astype(">f8"))
    arrays["bool"] = count % 2 == 1
    arrays["scalar"] = numpy.float32(0.5)
    arrays["vector"] = count.astype("<f4")[0, 0]
    arrays["empty"] = numpy.zeros((0, 3), "<f4")
    numpy.savez(DATA / "arrays.npz", **arrays)
    for version in [(1, 0), (2, 0), (3, 0)]:
        with open(DATA / f"version{version[0]}.npy", "wb") as file:
            numpy.lib.format.write_array(file, count.astype("<f4"), version)
    numpy.savez(DATA / "objects.npz", weight=numpy.array([{}, None]))
    numpy.savez(DATA / "words.npz", weight=numpy.array(["one", "two"]))
    torch.save({"weight": torch.zeros(2)}, DATA / "pickle.pt")


def read(path):
    if path.suffix == ".npz":
        return {name: torch.from_numpy(array) for name, array in numpy.load(path).items()}
    arrays = safetensors_numpy.load_file(path)
    tensors = safetensors_torch.load_file(path)
    assert all((arrays[name] == tensor.numpy()).all() for name, tensor in tensors.items())
    return tensors


def check(paths):
    worst = 0.0
    for path in map(pathlib.Path, paths):
        tensors = read(path)
        build, _ = NETWORKS[path.name.split(".")[0]]
        weights = {n.removeprefix("model."): t for n, t in tensors.items() if n.startswith("model.")}
        y = run(build(), weights, tensors["input"])
        error = ((tensors["output"].double() - y).norm() / y.norm()).item()
        print(f"{path.name}: {len(weights)} tensors, relative error {error:.1e}")
        worst = max(worst, error)
    if not paths or not worst < 1e-4:
        sys.exit("the outputs differ" if paths else "no files given")


if sys.argv[1:2] == ["check"]:
    check(sys.argv[2:])
else:
    torch.manual_seed(SEED)
    DATA.mkdir(parents=True, exist_ok=True)
    write_networks()
    write_arrays()
    files = sorted(DATA.iterdir())
    for file in files:
        print(f"{file.stat().st_size:7} {file.name}")
    print(f"{sum(file.stat().st_size for file in files):7} in all, by torch {torch.__version__}")
