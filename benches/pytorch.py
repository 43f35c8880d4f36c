"""The workloads of networks.rs in PyTorch: python benches/pytorch.py [threads]

Run it right before or after `cargo bench --bench networks`, and compare figures of one such
run only: machines are noisy.
"""

import statistics
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)


def measure(name, run, seconds=3.0):
    for _ in range(5):
        run()
    times = []
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        before = time.perf_counter()
        run()
        times.append((time.perf_counter() - before) * 1e3)
    print(f"{name:32} min {min(times):.3f} ms  median {statistics.median(times):.3f} ms")


lenet = nn.Sequential(
    nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(400, 120), nn.ReLU(),
    nn.Linear(120, 84), nn.ReLU(),
    nn.Linear(84, 10),
)

for batch in (1, 128):
    images = torch.randn(batch, 3, 32, 32)
    with torch.no_grad():
        measure(f"lenet_forward/batch_{batch}", lambda: lenet(images))

images, labels = torch.randn(128, 3, 32, 32), torch.arange(128) % 10
sgd = torch.optim.SGD(lenet.parameters(), lr=1e-3, momentum=0.9)


def training_step():
    sgd.zero_grad()
    nn.functional.cross_entropy(lenet(images), labels).backward()
    sgd.step()


measure("lenet_training_step/batch_128", training_step)
