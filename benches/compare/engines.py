"""The programs that are compared: how each is built, started and asked."""

import atexit
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = {
    "pytorch": "pytorch.py",
    "pytorch-channels-last": "pytorch.py",
    "pytorch-compiled": "pytorch.py",
    "onnxruntime": "onnx_runtime.py",
}
PEERS = ["burn-flex", "burn-ndarray", "candle", "rten", "tract"]
NAMES = ["shapewright", *PYTHON, *PEERS]
# What the libraries read that have no call for it.
THREADS = ["OMP_NUM_THREADS", "RAYON_NUM_THREADS", "RTEN_NUM_THREADS", "MATMUL_NUM_THREADS"]


def built(folder, *arguments):
    """Builds the only program of a cargo command in a folder: its path."""
    command = ["cargo", *arguments, "--message-format", "json-render-diagnostics"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"error: `{' '.join(command)}` in {folder} failed")
    messages = map(json.loads, done.stdout.splitlines())
    return next(m["executable"] for m in messages if m.get("executable"))


def commands(names):
    """How each of the engines is started; builds those in Rust."""
    commands = {name: [sys.executable, str(HERE / file)] for name, file in PYTHON.items()}
    if "shapewright" in names:
        commands["shapewright"] = [built(HERE, "bench", "--no-run", "--bench", "compare")]
    if set(PEERS) & set(names):
        peers = built(HERE / "peers", "build", "--release")
        commands |= {name: [peers] for name in PEERS}
    return commands


class Engine:
    """A running program, stopped while it is not asked: idle threads may spin."""

    def __init__(self, command, name, threads):
        environment = os.environ | {variable: str(threads) for variable in THREADS}
        self.process = subprocess.Popen(
            [*command, name, str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True,
        )
        # Stopped, it would outlive this program.
        atexit.register(self.process.kill)
        self.process.send_signal(signal.SIGSTOP)

    def ask(self, request):
        """The answer; one with `missing` if the program has ended."""
        self.process.send_signal(signal.SIGCONT)
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if line == "":
            self.process.wait()
            return {"missing": "the program ended"}
        self.process.send_signal(signal.SIGSTOP)
        return json.loads(line)

    def peak_memory(self):
        """The most MiB that were resident since the program started (on Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def ended(self):
        return self.process.poll() is not None

    def end(self):
        self.process.kill()
        self.process.wait()
