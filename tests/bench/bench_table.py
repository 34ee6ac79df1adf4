#!/usr/bin/python3
# The table of docs/performance.md: ours, the plain twin and ONNX Runtime in turn.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
#     tests/bench/nets.py NETS
#     (mkdir PEER; cd PEER; npm install --ignore-scripts onnxruntime-node@1.20.1)
#     tests/bench/bench_table.py BUILD/tests/bench NETS [--peer PEER] [--rounds 3] [NAME ...]
#
# Rounds alternate between the three, and the best of each is taken: other programs can
# only slow a run down. Two threads each. Processor time is what all threads of a run took
# together; where the machine is busy it is the fairer measure.
import argparse
import os
import subprocess
import sys

POSITIONS = 28 * 28
BATCH = 16

# name: multiplications and additions of a forward run in GFLOP, layer of the first third
NETS = {
    "squeezenet1_1": (0.698, "conv8"),
    "alexnet": (1.43, "conv2"),
    "resnet18": (3.63, "conv6"),
    "zfnet": (2.34, "conv2"),
    "vgg16": (30.9, "conv4"),
}


def run(command, folder=None):
    environment = dict(os.environ)
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(name, None)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout.split()


def measure(command, folder=None):
    words = run(command, folder)
    values = dict(zip(words[::2], map(float, words[1::2])))
    return values["min_ms"], values["cpu_ms"], values["peak_mb"]


class Best:
    """The least of each number over rounds, by task."""

    def __init__(self):
        self.of = {}

    def take(self, task, numbers):
        old = self.of.get(task, numbers)
        self.of[task] = tuple(map(min, old, numbers))

    def get(self, task):
        return self.of.get(task)


def measure_net(options, name, best):
    _, layer = NETS[name]
    model = os.path.join(options.nets, name + ".onnx")
    ours = [options.bench, model, "--threads", "2"]
    few, many = ("3", "9") if name == "vgg16" else ("9", "25")
    for task in ("forward", "project", "map"):
        best.take(task, measure(ours + ["--task", task, "--repeat", many]))
    early = ["--task", "project", "--layer", layer, "--repeat", many]
    best.take("early", measure(ours + early))
    best.take("plain", measure(ours + ["--plain", "--repeat", few]))
    plain = ["--plain", "--task", "project", "--repeat", few]
    best.take("plain project", measure(ours + plain))
    best.take("occlude", measure(ours + ["--task", "occlude", "--repeat", "1"]))
    if options.peer:
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.mjs")
        peer = ["node", script, os.path.abspath(model)]
        best.take("peer", measure(peer + ["1", many], options.peer))
        best.take("peer batch", measure(peer + [str(BATCH), few], options.peer))


def ratio(a, b):
    return f"{a / b:.2f}" if a and b else "-"


def number(value):
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def print_rows(name, best):
    gflop = NETS[name][0]
    forward, plain, peer = best.get("forward"), best.get("plain"), best.get("peer")
    peer_batch = best.get("peer batch")

    def row(task, ours, twin, other, peak):
        cells = [name, task]
        for i in range(2):  # wall clock, processor
            cells += [number(v[i]) if v else "-" for v in (ours, twin, other)]
            cells.append(ratio(other[i] if other else None, ours[i]))
        cells.append(f"{peak:.0f}")
        print("| " + " | ".join(cells) + " |", flush=True)

    row("forward", forward, plain, peer, forward[2])
    row("forward and unit", best.get("project"), best.get("plain project"), None,
        best.get("project")[2])
    row("forward and map", best.get("map"), None, None, best.get("map")[2])
    row("the same, first third", best.get("early"), None, None, best.get("early")[2])
    many = [v * POSITIONS for v in plain[:2]]
    others = [v * POSITIONS / BATCH for v in peer_batch[:2]] if peer_batch else None
    row("occlusion, 784", best.get("occlude"), many, others, best.get("occlude")[2])
    print(
        f"<!-- {name}: forward {gflop / forward[0] * 1e3:.0f} GFLOPS; "
        f"unit {best.get('project')[1] / forward[1]:.2f}, "
        f"map {best.get('map')[1] / forward[1]:.2f}, "
        f"first third {best.get('early')[1] / forward[1]:.2f} forwards of processor "
        f"time -->",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench")
    parser.add_argument("nets")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--peer")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_intermixed_args()
    print("sgemm", " ".join(run([options.bench, "--task", "sgemm"])))
    print("stream", " ".join(run([options.bench, "--task", "stream"])))
    print("| net | task | ours, ms | twin, ms | peer, ms | peer / ours |"
          " ours, CPU ms | twin | peer | peer / ours | peak, MB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name in options.names or NETS:
        best = Best()
        for _ in range(options.rounds):
            measure_net(options, name, best)
        print_rows(name, best)


main()
