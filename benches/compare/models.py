"""The rows of rows.json as ONNX models, for the engines that read such.

Weights are the numbers that every program of the comparison makes for itself.
"""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save, shape_inference

NETWORKS = {"lenet", "resnet18"}


def numbers(shape, seed):
    """As `numbers` in benches/rows/mod.rs."""
    index = np.arange(int(np.prod(shape)), dtype=np.uint64) + np.uint64(seed)
    hashed = (index * np.uint64(2_654_435_761)) & np.uint64(0xFFFF_FFFF)
    return (hashed.astype(np.float64) / 2.0**31 - 1.0).astype(np.float32).reshape(shape)


class Graph:
    """A chain of nodes that grows at `self.at`."""

    def __init__(self):
        self.nodes, self.constants, self.at, self.channels = [], [], "x", None

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def add(self, op, *constants, inputs=(), **attributes):
        operands = [self.at, *inputs, *("" if c is None else self.constant(c) for c in constants)]
        name = f"y{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, operands, [name], **attributes))
        self.at = name

    def conv(self, outputs, kernel, stride=1, padding=0, bias=False):
        shape = (outputs, self.channels, kernel, kernel)
        # As networks start: without that, their numbers would overflow.
        weight = numbers(shape, 2) * np.float32(np.prod(shape[1:]) ** -0.5)
        constants = [weight, numbers((outputs,), 3)] if bias else [weight]
        self.add("Conv", *constants, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[padding] * 4)
        self.channels = outputs

    def norm(self):
        one, zero = np.ones(self.channels, np.float32), np.zeros(self.channels, np.float32)
        self.add("BatchNormalization", one, zero, zero, one, epsilon=1e-5)

    def max_pool(self, kernel, stride, padding):
        self.add("MaxPool", kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[padding] * 4)

    def linear(self, inputs, outputs):
        weight = numbers((outputs, inputs), 2) * np.float32(inputs**-0.5)
        self.add("Gemm", weight, numbers((outputs,), 3), transB=1)

    def block(self, outputs, stride):
        """A basic block of ResNet."""
        before, channels = self.at, self.channels
        self.conv(outputs, 3, stride, 1)
        self.norm()
        self.add("Relu")
        self.conv(outputs, 3, 1, 1)
        self.norm()
        after = self.at
        self.at, self.channels = before, channels
        if stride != 1:
            self.conv(outputs, 1, stride)
            self.norm()
        self.channels = outputs
        self.add("Add", inputs=[after])
        self.add("Relu")

    def lenet(self):
        self.channels = 3
        for outputs in (6, 16):
            self.conv(outputs, 5, bias=True)
            self.add("Relu")
            self.max_pool(2, 2, 0)
        self.add("Flatten")
        self.linear(400, 120)
        self.add("Relu")
        self.linear(120, 84)
        self.add("Relu")
        self.linear(84, 10)

    def resnet18(self):
        self.channels = 3
        self.conv(64, 7, 2, 3)
        self.norm()
        self.add("Relu")
        self.max_pool(3, 2, 1)
        for outputs in (64, 128, 256, 512):
            self.block(outputs, 1 if outputs == 64 else 2)
            self.block(outputs, 1)
        self.add("GlobalAveragePool")
        self.add("Flatten")
        self.linear(512, 1000)

    def op(self, row):
        """The op of a row, with the same weights as in the other programs."""
        op, shape = row["op"], row["input"]
        outputs, (kernel, stride, padding) = row["out_channels"], row["window"]
        window = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2, "pads": [padding] * 4}
        if op == "conv2d":
            weight = numbers((outputs, shape[1] // row["groups"], kernel, kernel), 2)
            self.add("Conv", weight, numbers((outputs,), 3), group=row["groups"], **window)
        elif op == "conv_transpose2d":
            weight = numbers((shape[1], outputs // row["groups"], kernel, kernel), 2)
            self.add("ConvTranspose", weight, numbers((outputs,), 3), group=row["groups"], **window)
        elif op == "linear":
            self.add("Gemm", numbers((outputs, shape[1]), 2), numbers((outputs,), 3), transB=1)
        elif op == "max_pool2d":
            self.add("MaxPool", **window)
        elif op == "avg_pool2d":
            self.add("AveragePool", count_include_pad=1, **window)
        elif op == "bilinear":
            scales = np.array([1, 1, 2, 2], np.float32)
            self.add("Resize", None, scales, mode="linear", coordinate_transformation_mode="half_pixel")
        elif op == "batch_norm2d":
            channels = shape[1]
            one, zero = np.ones(channels, np.float32), np.zeros(channels, np.float32)
            weight, bias = numbers((channels,), 2), numbers((channels,), 3)
            self.add("BatchNormalization", weight, bias, zero, one, epsilon=1e-5)
        elif op == "relu":
            self.add("Relu")
        elif op == "add":
            self.add("Add", numbers(shape, 2))
        else:
            return False
        return True


def write(row, path):
    """Writes the model of a row, if it can be one: whether it can is returned."""
    graph = Graph()
    if row["pass"] not in ("forward", "frozen"):
        return False
    if row["op"] in NETWORKS:
        getattr(graph, row["op"])()
    elif not graph.op(row):
        return False
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, row["input"])
    y = helper.make_tensor_value_info(graph.at, TensorProto.FLOAT, None)
    graph = helper.make_graph(graph.nodes, row["op"], [x], [y], graph.constants)
    # Versions that all the engines read.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    model = shape_inference.infer_shapes(model)
    checker.check_model(model)
    save(model, path)
    return True


if __name__ == "__main__":
    import json
    import sys
    from pathlib import Path

    # Rows on stdin by their names, models into a folder; the files of those that became models.
    folder, rows = Path(sys.argv[1]), json.load(sys.stdin)
    files = {name: str(folder / f"{name.replace('/', '.')}.onnx") for name in rows}
    print(json.dumps({name: file for name, file in files.items() if write(rows[name], file)}))
