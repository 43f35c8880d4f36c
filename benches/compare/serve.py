"""How an engine in Python answers `run.py`: as benches/compare/serve.rs does."""

import json
import sys
import time

import numpy as np

from models import numbers


def least(run, seconds):
    """The least milliseconds of a run, of as many as there is time for."""
    begin, times = time.perf_counter(), []
    while not times or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3


def fingerprint(y):
    """A projection of an output and its norm: engines that compute the same agree in both."""
    y = np.asarray(y, np.float64).ravel()
    return [float(y @ numbers(y.shape, 5).astype(np.float64)), float(np.linalg.norm(y))]


def serve(work):
    """Answers until stdin ends. `work` makes a row's function, or raises NotImplementedError.

    The function returns what it computes as an array, or None where nobody compares that.
    """
    works = {}
    for line in sys.stdin:
        request = json.loads(line)
        name = request["id"]
        if name not in works:
            try:
                run, read = work(request)
                output = read(run())
                works[name] = run, None if output is None else fingerprint(output)
            except NotImplementedError as reason:
                works[name] = None, str(reason)
        run, output = works[name]
        if run is None:
            answer = {"missing": output}
        else:
            answer = {"ms": least(run, request["seconds"]), "output": output}
        print(json.dumps(answer), flush=True)
