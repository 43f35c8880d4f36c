#!/usr/bin/env python3
"""What rust-analyzer makes of `net!`: hover, go to definition and completion, asked for over LSP.

    python3 tools/editor.py [rust-analyzer]

It writes a small crate that depends on this one, opens it as an editor does, and checks the answers.
Without an argument it takes the `rust-analyzer` of the path. Takes a minute or two, for most of which
rust-analyzer loads the dependencies.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent

PROGRAM = """\
use shapewright::prelude::*;

net! {
    /// A network.
    pub struct LeNet: [3, 32, 32] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        ReLU,
        pool1: MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5, padding = same),
        Residual { Tanh },
        Flatten,
        fc1: Linear(10),
    }
}

fn main() {
    let dev = AutoDevice::default();
    let net = dev.build_module::<LeNet, f32>();
    println!("{:?}", net.fc1.weight);
}
"""

# Where the cursor is, `|`, and what the hover says there.
HOVERS = [
    ("LeN|et:", ["A network.", "conv1  Conv2d", "[6, 28, 28]", "456"]),
    ("con|v1:", ["`[3, 32, 32]` to `[6, 28, 28]`", "weight `[6, 3, 5, 5]`, bias `[6]`, 456 parameters"]),
    ("poo|l1:", ["`[6, 28, 28]` to `[6, 14, 14]`"]),
    ("Con|v2d(6", ["Convolution of an image", "torch.nn.Conv2d"]),
    ("ker|nel = 5", ["The size of the kernel"]),
    ("Re|LU,", ["`max(x, 0)`"]),
    ("MaxPo|ol2d", ["The largest value of each window"]),
    ("padd|ing = same", ["Zeros around the image"]),
    ("= sa|me", ["ceil(input / stride)"]),
    ("Resid|ual", ["plus the input"]),
    ("net.f|c1", ["`[3136]` to `[10]`"]),
]

# Where go-to-definition ends.
DEFINITIONS = [
    ("Con|v2d(6", "src/net/conv.rs"),
    ("ker|nel = 5", "src/net/conv.rs"),
    ("= sa|me", "src/net/values.rs"),
    ("net.f|c1", "src/main.rs"),
    ("build_module::<Le|Net", "src/main.rs"),
]

# A change that leaves the network half typed, with the cursor, and what is offered there.
COMPLETIONS = [
    ("        ReLU,", "        Con|", ["Conv2d", "ConvTranspose2d", "Concat"]),
    ("        ReLU,", "        relu: Leaky|,", ["LeakyReLU"]),
    ("kernel = 5),\n        ReLU", "ke|),\n        ReLU", ["kernel", "stride", "padding", "groups"]),
    ("kernel = 5),\n        ReLU", "kernel = 5, dil|),\n        ReLU", ["dilation"]),
    ("padding = same", "padding = va|", ["same", "valid", "full"]),
    ("kernel = 5),\n        ReLU", "kernel = , stri|),\n        ReLU", ["stride"]),
    ("        ReLU,", "        Concat { { Max| } },", ["MaxPool2d"]),
    ("println!(\"{:?}\", net.fc1.weight)", "net.|", ["forward", "fc1", "activations"]),
]
# The same with a mistake elsewhere in the network.
BROKEN = ("pool1: MaxPool2d(2)", "pool1: MaxPool(2)")


class Server:
    """rust-analyzer, spoken to over its standard input and output."""

    def __init__(self, command, folder):
        self.process = subprocess.Popen(
            [command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder
        )
        self.id, self.version, self.answers, self.ready = 0, 0, {}, False
        self.changed = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()
        uri = folder.as_uri()
        self.request("initialize", {
            "processId": os.getpid(),
            "rootUri": uri,
            "workspaceFolders": [{"uri": uri, "name": "user"}],
            "capabilities": {
                "experimental": {"serverStatusNotification": True},
                "textDocument": {"hover": {"contentFormat": ["markdown"]}},
            },
            "initializationOptions": {"checkOnSave": False, "cachePriming": {"enable": False}},
        })
        self.notify("initialized", {})

    def _read(self):
        stream = self.process.stdout
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(length))
            with self.changed:
                if message.get("method") == "experimental/serverStatus":
                    self.ready = message["params"]["quiescent"]
                elif "method" in message and "id" in message:
                    self._send({"id": message["id"], "result": None})
                elif "id" in message:
                    self.answers[message["id"]] = message
                self.changed.notify_all()

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self._send({"method": method, "params": params})

    def request(self, method, params):
        self.id += 1
        self._send({"id": self.id, "method": method, "params": params})
        with self.changed:
            if not self.changed.wait_for(lambda: self.id in self.answers, 300):
                sys.exit(f"no answer to {method}")
            answer = self.answers.pop(self.id)
        return answer.get("result")

    def wait(self):
        with self.changed:
            if not self.changed.wait_for(lambda: self.ready, 600):
                sys.exit("rust-analyzer does not get ready")

    def write(self, path, text):
        self.version += 1
        document = {"uri": path.as_uri(), "version": self.version}
        if self.version == 1:
            self.notify("textDocument/didOpen", {"textDocument": {**document, "languageId": "rust", "text": text}})
        else:
            changes = [{"text": text}]
            self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def ask(self, what, path, text, offset):
        before = text[:offset]
        position = {"line": before.count("\n"), "character": offset - (before.rfind("\n") + 1)}
        return self.request(f"textDocument/{what}", {"textDocument": {"uri": path.as_uri()}, "position": position})


def cursor(text, place):
    """The offset of the `|` of `place` in the text."""
    return text.index(place.replace("|", "")) + place.index("|")


def hover(answer):
    contents = (answer or {}).get("contents", "")
    return contents["value"] if isinstance(contents, dict) else str(contents)


def definitions(answer):
    places = answer if isinstance(answer, list) else [answer]
    return [place.get("targetUri") or place.get("uri") for place in places if place]


def completions(answer):
    items = answer["items"] if isinstance(answer, dict) else answer
    return [item["label"].split("(")[0] for item in items or []]


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else "rust-analyzer"
    failures = 0

    def check(what, wanted, got):
        nonlocal failures
        missing = [word for word in wanted if word not in got]
        failures += bool(missing)
        print(f"{'FAILED' if missing else 'ok'}  {what}" + (f": no {missing} in {got!r:.600}" if missing else ""))

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        (folder / "src").mkdir()
        dependency = f"[dependencies]\nshapewright = {{ path = {json.dumps(str(ROOT))} }}\n"
        package = '[package]\nname = "user"\nversion = "0.1.0"\nedition = "2024"\n'
        (folder / "Cargo.toml").write_text(package + dependency)
        (folder / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())
        path = folder / "src" / "main.rs"
        path.write_text(PROGRAM)
        server = Server(command, folder)
        server.write(path, PROGRAM)
        server.wait()
        for place, wanted in HOVERS:
            check(f"hover {place}", wanted, hover(server.ask("hover", path, PROGRAM, cursor(PROGRAM, place))))
        for place, wanted in DEFINITIONS:
            answer = server.ask("definition", path, PROGRAM, cursor(PROGRAM, place))
            check(f"definition of {place}", [wanted], " ".join(definitions(answer)))
        for broken in (False, True):
            program = PROGRAM.replace(*BROKEN) if broken else PROGRAM
            for old, new, wanted in COMPLETIONS:
                changed = program.replace(old, new)
                offset = changed.index("|")
                changed = changed.replace("|", "")
                server.write(path, changed)
                answer = server.ask("completion", path, changed, offset)
                name = f"completion of {new.strip()!r}" + (" after a mistake" if broken else "")
                check(name, wanted, completions(answer))
        server.process.kill()
    sys.exit(f"{failures} failed" if failures else 0)


if __name__ == "__main__":
    main()
