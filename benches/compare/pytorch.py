"""PyTorch's side of the comparison: python pytorch.py ENGINE THREADS

ENGINE is `pytorch` (images as NCHW), `pytorch-channels-last`, or `pytorch-compiled` (by
`torch.compile`, with the better layout of the two for the compiler to find).
"""

import sys

import torch
from torch.nn import functional as F

from models import numbers
from serve import serve
from torch_networks import lenet, resnet18

ENGINE, THREADS = sys.argv[1], int(sys.argv[2])
LAYOUT = torch.channels_last if ENGINE == "pytorch-channels-last" else torch.contiguous_format
torch.set_num_threads(THREADS)


def tensor(shape, seed):
    tensor = torch.from_numpy(numbers(shape, seed))
    return tensor.to(memory_format=LAYOUT) if tensor.dim() == 4 else tensor


NETWORKS = {"lenet": lenet, "resnet18": resnet18}


def compiled(function):
    return torch.compile(function) if ENGINE == "pytorch-compiled" else function


def network(row):
    net = NETWORKS[row["op"]]().to(memory_format=LAYOUT)
    x = tensor(row["input"], 1)
    if row["pass"] != "training_step":
        net = compiled(net.eval())
        return torch.inference_mode()(lambda: net(x)), lambda _: None
    labels = torch.arange(len(x)) % net[-1].out_features
    net, sgd = compiled(net), optimizer("sgd", net.parameters())

    def step():
        sgd.zero_grad()
        F.cross_entropy(net(x), labels).backward()
        sgd.step()

    return step, lambda _: None


def optimizer(name, parameters):
    if name.startswith("sgd"):
        return torch.optim.SGD(parameters, lr=1e-3, momentum=0.9)
    return torch.optim.Adam(parameters)


def optimizer_step(row):
    parameters = list(resnet18().parameters())
    for parameter in parameters:
        parameter.grad = torch.zeros_like(parameter)
    rule = optimizer(row["name"], parameters)
    return rule.step, lambda _: None


def convolution(row, x, transposed):
    """A convolution, or one of its gradients by itself."""
    (kernel, stride, padding), groups = row["window"], row["groups"]
    first, second = row["out_channels"], x.shape[1] // groups
    if transposed:
        first, second = x.shape[1], row["out_channels"] // groups
    weight, bias = tensor((first, second, kernel, kernel), 2), tensor((row["out_channels"],), 3)
    options = [[stride] * 2, [padding] * 2, [1] * 2, transposed, [0] * 2, groups]
    forward = lambda: torch.convolution(x, weight, bias, *options)
    if row["pass"] == "forward":
        return compiled(forward)
    gy = tensor(forward().shape, 4)
    wanted = [row["pass"] == "backward_input", row["pass"] == "backward_weight", False]
    which = wanted.index(True)
    backward = torch.ops.aten.convolution_backward
    return lambda: backward(gy, x, weight, None, *options, wanted)[which]


def linear(row, x):
    outputs = row["out_channels"]
    weight, bias = tensor((outputs, x.shape[1]), 2), tensor((outputs,), 3)
    gy = tensor((len(x), outputs), 4)
    return {
        "forward": compiled(lambda: F.linear(x, weight, bias)),
        "backward_input": lambda: gy @ weight,
        "backward_weight": lambda: gy.T @ x,
    }[row["pass"]]


def differentiable(row, x):
    """An op whose backward pass is timed by itself, with the forward pass done before."""
    window, channels = row["window"], x.shape[1]
    mean, variance = torch.zeros(channels), torch.ones(channels)
    weight, bias = tensor((channels,), 2), tensor((channels,), 3)
    training = row["pass"] != "forward"
    other, labels = tensor(row["input"], 2), torch.arange(len(x)) % channels
    run = {
        "max_pool2d": lambda: F.max_pool2d(x, *window, return_indices=training),
        "avg_pool2d": lambda: F.avg_pool2d(x, *window),
        "bilinear": lambda: F.interpolate(x, scale_factor=2, mode="bilinear"),
        "batch_norm2d": lambda: F.batch_norm(x, mean, variance, weight, bias, training, 0.1, 1e-5),
        "relu": lambda: F.relu(x),
        "add": lambda: x + other,
        "cross_entropy": lambda: F.cross_entropy(x, labels),
    }[row["op"]]
    first = lambda: (lambda y: y[0] if isinstance(y, tuple) else y)(run())
    if not row["pass"].endswith("backward"):
        return compiled(first)
    x.requires_grad_()
    operands = [x, weight.requires_grad_(), bias.requires_grad_()]
    operands = operands if row["op"] == "batch_norm2d" else [x]
    if row["pass"] == "forward_backward":
        return lambda: torch.autograd.grad(first(), operands)[0]
    with torch.enable_grad():
        y = first()
    gy = tensor(y.shape, 4)
    return lambda: torch.autograd.grad(y, operands, gy, retain_graph=True)[0]


def work(request):
    row = request["row"]
    if ENGINE == "pytorch-compiled" and (
        "backward" in row["pass"] or row["op"] == "optimizer"
    ):
        raise NotImplementedError("compiled: forward passes and whole steps")
    if row["op"] in NETWORKS:
        return network(row)
    if row["op"] == "optimizer":
        return optimizer_step(row)
    x = tensor(row["input"], 1)
    if row["op"] in ("conv2d", "conv_transpose2d"):
        run = convolution(row, x, row["op"] == "conv_transpose2d")
    elif row["op"] == "linear":
        run = linear(row, x)
    else:
        run = differentiable(row, x)
    if "backward" not in row["pass"]:
        run = torch.inference_mode()(run)
    return run, lambda y: y.detach().numpy()


serve(work)
