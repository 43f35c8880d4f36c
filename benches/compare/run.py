"""Runs the same work in shapewright, PyTorch, onnxruntime, burn, candle, rten and tract.

    pip install torch onnx onnxruntime
    python benches/compare/run.py                       # everything: half an hour, without builds
    python benches/compare/run.py --rows conv2d_forward lenet
    python benches/compare/run.py --engines shapewright pytorch onnxruntime --rounds 3

Prints Markdown. Every engine is a program of its own. They take turns, row by row and round by
round, so that a noisy minute meets all of them, and each row's least time counts. NAME@N in
--engines is an engine with N threads.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import engines
import table

HERE = Path(__file__).parent
NETWORKS = {"lenet", "resnet18"}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n", 1)[0], formatter_class=argparse.RawTextHelpFormatter
    )
    default = ["shapewright", "shapewright@1", *engines.NAMES[1:]]
    parser.add_argument("--rounds", type=int, default=5, help="turns of each engine [default: 5]")
    parser.add_argument(
        "--seconds", type=float, default=0.2, help="of a row in a turn [default: 0.2]"
    )
    parser.add_argument(
        "--threads", type=int, default=os.cpu_count(), help="of each engine [default: all cores]"
    )
    parser.add_argument(
        "--engines", nargs="+", default=default, metavar="NAME",
        help=f"of {', '.join(engines.NAMES)} [default: all]",
    )
    parser.add_argument(
        "--rows", nargs="+", default=[""], metavar="TEXT", help="rows with this in their names"
    )
    args = parser.parse_args()
    for engine in args.engines:
        if engine.partition("@")[0] not in engines.NAMES:
            parser.error(f"there is no engine {engine}")
    if table.OWN not in args.engines:
        args.engines.insert(0, table.OWN)
    return args


def rows(wanted):
    """The rows by their names."""
    rows = {}
    for group in json.loads((HERE.parent / "rows.json").read_text()):
        for way in group["passes"]:
            for size in group["sizes"]:
                name = f"{group['op']}_{way}/{size['name']}"
                size = {"out_channels": 0, "window": [0, 0, 0], "groups": 1} | size
                if any(text in name for text in wanted):
                    rows[name] = {"op": group["op"], "pass": way, **size}
    if not rows:
        sys.exit(f"error: no row has {' or '.join(wanted)} in its name")
    return rows


def models(rows, folder):
    """Writes the rows that can be ONNX models: their files."""
    command = [sys.executable, str(HERE / "models.py"), folder]
    done = subprocess.run(command, input=json.dumps(rows), stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit("error: the ONNX models could not be written")
    return json.loads(done.stdout)


def main():
    args = arguments()
    todo = rows(args.rows)
    if os.getloadavg()[0] > 0.5:
        print("warning: the machine is busy, and ratios will show it", file=sys.stderr)
    commands = engines.commands({engine.partition("@")[0] for engine in args.engines})

    def start(engine):
        name, _, threads = engine.partition("@")
        return engines.Engine(commands[name], name, int(threads or args.threads))

    with tempfile.TemporaryDirectory() as folder:
        files = models(todo, folder)
        requests = {
            name: {"id": name, "row": row, "seconds": args.seconds, "model": files.get(name)}
            for name, row in todo.items()
        }
        results = times(args, requests, start)
        networks = [name for name in todo if todo[name]["op"] in NETWORKS]
        peaks = {name: memory(requests[name], results[name], start) for name in networks}
    report_missing(results)

    print(f"{table.machine()}; {args.threads} threads; {table.versions(args.engines)}.\n")
    print(table.markdown(table.times(args.engines, list(todo), results)))
    if networks:
        print("\nThe most memory resident, in MiB, of a program that does only this:\n")
        print(table.markdown(table.memory(args.engines, networks, peaks)))


def times(args, requests, start):
    """The least time of each engine in each row, over all rounds."""
    running = {engine: start(engine) for engine in args.engines}
    results = {name: {} for name in requests}
    for turn in range(args.rounds):
        for name, request in requests.items():
            if sys.stderr.isatty():
                print(f"\rround {turn + 1}: {name:50}", end="", file=sys.stderr, flush=True)
            for engine in args.engines:
                before = results[name].get(engine)
                if before and "missing" in before:
                    continue
                answer = running[engine].ask(request)
                if request["row"]["op"] in NETWORKS:
                    # Each engine has weights of its own.
                    answer["output"] = None
                if running[engine].ended():
                    running[engine] = start(engine)
                if before is None or "missing" in answer or answer["ms"] < before["ms"]:
                    results[name][engine] = answer
    for engine in running.values():
        engine.end()
    return results


def report_missing(results):
    """Says why cells are empty, once for each engine and reason."""
    missing = {}
    for name, answers in results.items():
        for engine, answer in answers.items():
            if "missing" in answer:
                missing.setdefault((engine, answer["missing"]), []).append(name)
    for (engine, reason), names in missing.items():
        print(f"{engine}: {reason}: {', '.join(names)}", file=sys.stderr)


def memory(request, answers, start):
    """The peak of each engine that does nothing but this row."""
    peaks = {}
    for name in [name for name, answer in answers.items() if "ms" in answer]:
        engine = start(name)
        engine.ask(request)
        peaks[name] = engine.peak_memory()
        engine.end()
    return peaks


if __name__ == "__main__":
    main()
