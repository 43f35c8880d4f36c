"""onnxruntime's side of the comparison: python onnx_runtime.py onnxruntime THREADS

Inputs and outputs stay where they are from run to run.
"""

import sys

import onnxruntime

from models import numbers
from serve import serve


def work(request):
    if request["model"] is None:
        raise NotImplementedError("only forward passes")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(sys.argv[2])
    session = onnxruntime.InferenceSession(request["model"], options, ["CPUExecutionProvider"])
    x = onnxruntime.OrtValue.ortvalue_from_numpy(numbers(request["row"]["input"], 1))
    binding, output = session.io_binding(), session.get_outputs()[0].name
    binding.bind_ortvalue_input("x", x)
    # The first run finds the output's shape.
    binding.bind_output(output)
    session.run_with_iobinding(binding)
    y = binding.get_outputs()[0]
    binding.bind_ortvalue_output(output, y)
    return lambda: session.run_with_iobinding(binding), lambda _: y.numpy()


serve(work)
