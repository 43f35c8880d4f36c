"""The comparison as Markdown."""

import math
import os
import platform
import tomllib
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
OWN = "shapewright"
TITLES = {
    "pytorch": "PyTorch",
    "pytorch-channels-last": "PyTorch channels-last",
    "pytorch-compiled": "PyTorch compiled",
}


def title(engine):
    name, _, threads = engine.partition("@")
    name = TITLES.get(name, name)
    return f"{name}, threads: {threads}" if threads else name


def machine():
    """The processor in words."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = fields.get("flags", "").split()
    vectors = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "no AVX2"
    return f"{fields.get('model name', platform.machine())}, {os.cpu_count()} cores, {vectors}"


def versions(engines):
    """The versions of what was compared, in words."""
    lock = tomllib.loads((HERE / "peers/Cargo.lock").read_text())
    crates = {package["name"]: package["version"] for package in lock["package"]}
    crates |= {"candle": crates["candle-core"], "tract": crates["tract-onnx"]}
    names = dict.fromkeys(engine.partition("@")[0] for engine in engines)
    words = [f"{name} {crates[name]}" for name in names if name in crates and name != OWN]
    words += [f"onnxruntime {metadata.version(name)}" for name in names if name == "onnxruntime"]
    if any(name.startswith("pytorch") for name in names):
        words.insert(0, f"PyTorch {metadata.version('torch')}")
    return ", ".join(words)


def milliseconds(ms):
    return f"{ms:.4f}" if ms < 0.1 else f"{ms:.3f}" if ms < 10 else f"{ms:.1f}"


def agree(ours, theirs):
    """Whether two outputs are the same but for rounding, if both are known."""
    if ours is None or theirs is None:
        return True
    return all(math.isclose(a, b, abs_tol=1e-3 * ours[1] + 1e-30) for a, b in zip(ours, theirs))


def times(engines, names, results):
    """Rows of ratios: each engine's time over ours, the least of the others' in bold."""
    yield [""] + [f"{title(OWN)}, ms"] + [title(engine) for engine in engines if engine != OWN]
    for name in names:
        ours = results[name][OWN]
        others = {engine: results[name][engine] for engine in engines if engine != OWN}
        rivals = [a["ms"] for e, a in others.items() if "ms" in a and not e.startswith(OWN)]
        cells = [name, milliseconds(ours["ms"]) if "ms" in ours else ""]
        for answer in others.values():
            if "ms" not in answer or "ms" not in ours:
                cells.append("")
                continue
            ratio = f"{answer['ms'] / ours['ms']:.2f}"
            if answer["ms"] == min(rivals, default=0):
                ratio = f"**{ratio}**"
            same = agree(ours["output"], answer["output"])
            cells.append(ratio if same else f"{ratio} (another result)")
        yield cells


def memory(engines, names, results):
    yield ["", *map(title, engines)]
    for name in names:
        peaks = [results[name].get(engine) for engine in engines]
        yield [name, *("" if peak is None else f"{peak:.0f}" for peak in peaks)]


def markdown(rows):
    rows = list(rows)
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---|" + "--:|" * (len(rows[0]) - 1), *lines[1:]])
