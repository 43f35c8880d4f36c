#!/usr/bin/env python3
"""Writes tests/data/more_cases.{json,safetensors}: operations as PyTorch computes them.

    python3 tools/reference.py        (needs torch; the files in the repository say which)

Each case is an operation with its options. Its tensors are `<id>.x`, `.y`, `.gy`, `.gx` and,
where there are parameters, `.w`, `.b`, `.gw`, `.gb`, for the loss sum(y * gy). All of them are
computed in double precision of numbers that are single, and stored as single.
"""

import json
import pathlib
import struct

import torch
import torch.nn.functional as F

SEED = 20261122
DATA = pathlib.Path(__file__).parent.parent / "tests" / "data"

cases = []
tensors = {}


def random(*shape, scale=1.0):
    """Normal numbers that single precision holds exactly."""
    return (torch.randn(shape) * scale).float().double()


def keep(name, tensor):
    tensors[name] = tensor.detach().contiguous()


def case(op, config, x, function, **parameters):
    """Runs `function(x, **parameters)` and its backward pass, and notes all of it."""
    name = f"{op}_{len(cases):03}"
    leaves = {"x": x, **{k: v for k, v in parameters.items() if v is not None}}
    leaves = {k: v.clone().requires_grad_() for k, v in leaves.items()}
    y = function(*[leaves.get(k) for k in ["x", *parameters]])
    gy = random(*y.shape)
    (y * gy).sum().backward()
    for key, leaf in leaves.items():
        keep(f"{name}.{key}", leaf)
        keep(f"{name}.g{key}", leaf.grad)
    keep(f"{name}.y", y)
    keep(f"{name}.gy", gy)
    shapes = {"x_shape": list(x.shape), "y_shape": list(y.shape)}
    cases.append({"id": name, "op": op, "config": config, **shapes})
    return name


def activations():
    functions = [
        ("relu", {}, F.relu),
        ("leaky_relu", {"slope": 0.01}, lambda x: F.leaky_relu(x, 0.01)),
        ("leaky_relu", {"slope": 0.3}, lambda x: F.leaky_relu(x, 0.3)),
        ("elu", {"alpha": 1.0}, F.elu),
        ("elu", {"alpha": 0.5}, lambda x: F.elu(x, 0.5)),
        ("gelu", {}, F.gelu),
        ("silu", {}, F.silu),
        ("sigmoid", {}, torch.sigmoid),
        ("tanh", {}, torch.tanh),
        ("softplus", {}, F.softplus),
        ("softmax", {}, lambda x: F.softmax(x, 1)),
        ("log_softmax", {}, lambda x: F.log_softmax(x, 1)),
    ]
    for op, config, function in functions:
        for shape in [(3, 7), (2, 5, 6), (2, 3, 4, 3)]:
            x = random(*shape, scale=4.0)
            # The kink, and both tails.
            x.view(-1)[:5] = torch.tensor([0.0, 25.0, -25.0, 90.0, -90.0])
            case(op, config, x, function)


def normalisations():
    for shape in [(4, 6), (2, 3, 5), (3, 2, 4, 3)]:
        for eps in [1e-5, 1e-2]:
            n = shape[1:]
            parameters = {"w": random(*n), "b": random(*n)}
            x = random(*shape, scale=3.0) + 1.0
            run = lambda x, w, b: F.layer_norm(x, n, w, b, eps)
            case("layer_norm", {"eps": eps}, x, run, **parameters)
    for shape, groups in [((4, 6), 2), ((2, 6, 5), 3), ((3, 6, 2, 3), 1), ((2, 4, 3, 3), 4)]:
        parameters = {"w": random(shape[1]), "b": random(shape[1])}
        x = random(*shape, scale=2.0) - 1.0
        run = lambda x, w, b: F.group_norm(x, groups, w, b, 1e-5)
        case("group_norm", {"groups": groups, "eps": 1e-5}, x, run, **parameters)
    for shape in [(5, 7), (3, 4, 6)]:
        for train, eps, momentum in [(True, 1e-5, 0.1), (True, 1e-3, 0.7), (False, 1e-3, 0.1)]:
            c = shape[1]
            before = {"running_mean": random(c), "running_var": random(c).abs() + 0.5}
            mean, variance = [statistic.clone() for statistic in before.values()]
            run = lambda x, w, b: F.batch_norm(x, mean, variance, w, b, train, momentum, eps)
            config = {"train": train, "eps": eps, "momentum": momentum}
            x = random(*shape, scale=2.0)
            name = case("batch_norm1d", config, x, run, w=random(c), b=random(c))
            for key, after in [("running_mean", mean), ("running_var", variance)]:
                keep(f"{name}.{key}_before", before[key])
                keep(f"{name}.{key}_after", after)


def convolutions():
    keys = ["in_channels", "out_channels", "kernel", "stride", "padding", "dilation", "groups", "bias"]
    for length, *options in [
        (9, 1, 1, 1, 1, 0, 1, 1, True),
        (12, 3, 5, 3, 1, 0, 1, 1, True),
        (11, 2, 4, 4, 3, 2, 1, 1, False),
        (17, 4, 6, 3, 2, 3, 2, 2, True),
        (20, 6, 6, 5, 1, 4, 2, 6, True),
        (13, 4, 8, 2, 2, 1, 3, 4, False),
        (10, 3, 2, 4, 1, "same", 1, 1, True),
        (10, 2, 3, 4, 1, "same", 3, 1, True),
        (40, 8, 9, 7, 2, 3, 1, 1, True),
    ]:
        config = dict(zip(keys, options))
        i, o, k, stride, padding, dilation, groups, bias = options
        run = lambda x, w, b: F.conv1d(x, w, b, stride, padding, dilation, groups)
        w, b = random(o, i // groups, k), random(o) if bias else None
        case("conv1d", config, random(2, i, length), run, w=w, b=b)
    # The extra pixel of an even reach, and dilation, which other libraries forget here.
    for kernel, dilation in [((4, 3), (1, 2)), ((2, 5), (3, 1))]:
        config = {"in_channels": 2, "out_channels": 3, "kernel": kernel, "stride": (1, 1)}
        config |= {"padding": "same", "dilation": dilation, "groups": 1, "bias": True}
        run = lambda x, w, b: F.conv2d(x, w, b, 1, "same", dilation)
        case("conv2d", config, random(2, 2, 7, 6), run, w=random(3, 2, *kernel), b=random(3))
    for shape, out, bias in [((4, 7), 5, True), ((1, 20), 3, False)]:
        config = {"in_features": shape[1], "out_features": out, "bias": bias}
        w, b = random(out, shape[1]), random(out) if bias else None
        case("linear", config, random(*shape), F.linear, w=w, b=b)


def pools():
    for length, kernel, stride, padding, dilation, ceil in [
        (12, 3, 3, 0, 1, False),
        (11, 3, 2, 1, 1, True),
        (10, 2, 3, 1, 1, True),
        (16, 4, 1, 2, 2, False),
        (15, 3, 4, 0, 3, True),
    ]:
        config = {"kernel": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil}
        run = lambda x: F.max_pool1d(x, kernel, stride, padding, dilation, ceil)
        case("max_pool1d", {**config, "dilation": dilation}, random(2, 3, length), run)
        for count in [True, False]:
            run = lambda x: F.avg_pool1d(x, kernel, stride, padding, ceil, count)
            case("avg_pool1d", {**config, "count_include_pad": count}, random(2, 3, length), run)
    for length, kernel, stride, p in [(12, 3, 2, 2.0), (10, 2, 2, 3.0)]:
        # A root of a negative sum is no number.
        x = random(2, 3, length).abs()
        run = lambda x: F.lp_pool1d(x, p, kernel, stride)
        case("lp_pool1d", {"kernel": kernel, "stride": stride, "p": p}, x, run)
    for padding in [((1, 1), (1, 1)), ((0, 2), (3, 1))]:
        (top, bottom), (left, right) = padding
        run = lambda x: F.pad(x, (left, right, top, bottom))
        case("zero_pad2d", {"padding": padding}, random(2, 2, 3, 4), run)


def write():
    """The safetensors format: https://github.com/huggingface/safetensors#format."""
    header, data = {}, b""
    for name in sorted(tensors):
        tensor = tensors[name]
        values = tensor.flatten().tolist()
        end = len(data) + 4 * len(values)
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), end]}
        data += struct.pack(f"<{len(values)}f", *values)
    header = json.dumps(header, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    path = DATA / "more_cases.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)
    about = {"torch": torch.__version__, "seed": SEED}
    lines = ",\n".join(json.dumps(c) for c in cases)
    text = json.dumps(about)[:-1] + f', "cases": [\n{lines}\n]}}\n'
    (DATA / "more_cases.json").write_text(text)
    print(f"{len(cases)} cases, {len(tensors)} tensors, {path.stat().st_size} bytes")


torch.manual_seed(SEED)
torch.use_deterministic_algorithms(True)
activations()
normalisations()
convolutions()
pools()
write()
