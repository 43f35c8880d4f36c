"""The work of the benchmark `cuda` in PyTorch on the same GPU: python benches/pytorch_cuda.py FILE

FILE is what `cargo bench --features cuda --bench cuda -- --json FILE` wrote. Its rows say what is
measured here, in 32 bits without TF32, with images as `channels_first` and as `channels_last`.
Prints a table in Markdown; `cuda/bench` does both. `--device cpu` is for trying this script.
"""

import argparse
import json
import sys
import time

import torch
from torch.nn import functional as F

from compare.torch_networks import lenet, resnet18

parser = argparse.ArgumentParser(description="The work of the benchmark `cuda` in PyTorch.")
parser.add_argument("file", help="what the benchmark wrote with --json")
parser.add_argument("--device", help="cpu, cuda or cuda:N [default: the GPU in FILE]")
parser.add_argument("--quick", action="store_true", help="run all twice [default: as FILE]")
args = parser.parse_args()
with open(args.file) as file:
    report = json.load(file)
quick = args.quick or report["quick"]
device = torch.device(args.device or f"cuda:{report['gpu']}")
if device.type == "cuda" and not torch.cuda.is_available():
    sys.exit("error: this PyTorch finds no GPU")

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True
torch.manual_seed(0)

FORMATS = {"channels first": torch.contiguous_format, "channels last": torch.channels_last}


def synchronize():
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def measure(run):
    """The median and the least of the milliseconds that a run takes, as in the benchmark."""

    def seconds(runs):
        synchronize()
        start = time.perf_counter()
        for _ in range(runs):
            run()
        synchronize()
        return time.perf_counter() - start

    seconds(1)
    runs, batches, total = 1, 2, 0.0
    if not quick:
        start = time.perf_counter()
        while time.perf_counter() - start < 0.3:
            runs = int(min(max(0.02 * runs / seconds(runs), 1), 1000))
        batches, total = 10, 1.0
    times, start = [], time.perf_counter()
    while len(times) < batches or time.perf_counter() - start < total:
        times.append(seconds(runs) * 1e3 / runs)
    return sorted(times)[len(times) // 2], min(times)


NETWORKS = {"lenet": (lenet, 10, 62_006), "resnet18": (resnet18, 1000, 11_689_512)}


def network(row, memory_format):
    """A function that runs the network of a row, or trains it for a step."""
    build, classes, parameters = NETWORKS[row["op"]]
    net = build().to(device, memory_format=memory_format)
    assert sum(p.numel() for p in net.parameters()) == parameters
    batch = row["input"][0]
    images = torch.randn(row["input"], device=device).to(memory_format=memory_format)
    if row["pass"] == "forward":
        net.eval()
        return torch.no_grad()(lambda: net(images))
    labels = torch.arange(batch, device=device) % classes
    sgd = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9)

    def step():
        sgd.zero_grad()
        F.cross_entropy(net(images), labels).backward()
        sgd.step()

    return step


def layer(row, memory_format):
    """A function that runs the layer of a row, forward or forward and backward."""

    def normal(*shape):
        return torch.randn(shape, device=device).to(memory_format=memory_format)

    x = normal(*row["input"])
    channels, operands = x.shape[1], [x]
    if row["op"] == "conv2d":
        kernel, stride, padding = row["window"]
        weight = normal(row["out_channels"], channels, kernel, kernel)
        operands.append(weight)
        run = lambda: F.conv2d(x, weight, None, stride, padding)
    elif row["op"] == "max_pool2d":
        run = lambda: F.max_pool2d(x, *row["window"])
    elif row["op"] == "batch_norm2d":
        mean, variance = torch.zeros(channels, device=device), torch.ones(channels, device=device)
        weight, bias = torch.ones_like(mean), torch.zeros_like(mean)
        operands += [weight, bias]
        run = lambda: F.batch_norm(x, mean, variance, weight, bias, True, 0.1, 1e-5)
    else:
        sys.exit(f"error: {args.file}: there is no {row['op']}")
    if row["pass"] == "forward":
        return torch.no_grad()(run)
    gradient = torch.randn_like(run())
    for operand in operands:
        operand.requires_grad_()
    # The benchmark copies the gradient of the output, too.
    return lambda: torch.autograd.grad(run(), operands, gradient.clone())


def cell(times):
    median, least = times
    return f"{median:.4f} ({least:.4f})"


gpu = torch.cuda.get_device_name(device) if device.type == "cuda" else "a processor"
versions = f"PyTorch {torch.__version__}"
if device.type == "cuda":
    versions += f", cuDNN {torch.backends.cudnn.version()}"
print(f"# On {gpu}\n")
if quick:
    print("Tiny shapes, which tell whether everything runs and not how fast.\n")
print(f"Milliseconds of 32-bit work without TF32, beside {versions} (`cuda/bench`): medians, and in")
print("brackets the least. The last column is this crate's time by PyTorch's better one.\n")
print("| | shapewright |", " | ".join(f"PyTorch, {name}" for name in FORMATS), "| ratio |")
print("|---|--:|" + "--:|" * len(FORMATS) + "--:|")
for row in report["rows"]:
    make = network if row["op"] in NETWORKS else layer
    theirs = [measure(make(row, memory_format)) for memory_format in FORMATS.values()]
    ours = (row["median"], row["least"])
    ratio = ours[0] / min(median for median, _ in theirs)
    cells = " | ".join(map(cell, [ours, *theirs]))
    print(f"| {row['name']}/{row['pass']} | {cells} | {ratio:.2f} |", flush=True)
