#!/usr/bin/python3
# The tables of docs/performance.md: ours against ONNX Runtime, in turn.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
#     tests/bench/nets.py NETS
#     (mkdir PEER; cd PEER; npm install --ignore-scripts onnxruntime-node@1.20.1)
#     tests/bench/bench_table.py BUILD/tests NETS --peer PEER [NAME ...]
#
# --threads 1 (processor time, which other programs on the machine change least) or 2 (by
# the clock, on a machine that does nothing else). --width 256 forbids AVX-512 to both;
# PEER is then what narrow_peer.py made. --rounds: in each, ours and the peer take turns;
# the medians of all rounds are printed, with --least the runs that took least processor time
# of all rounds, for a machine on which much else runs. --tasks: some of forward, occlude, project. A row
# is printed as soon as its net is measured.
#
# The goal of an occlusion is 0.8 x (work of the naive way / work that squares reach), at
# least 1; the five nets of KEPT have goals of their own.
import argparse
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH = 16
SIDES = {"inception_v3": 299}
KEPT = {"squeezenet1_1": 4.0, "alexnet": 5.0, "resnet18": 4.1, "zfnet": 8.1, "vgg16": 13.4}
TRANSFORMERS = ("vit_b_32", "swin_t", "convnext_tiny")
DEFAULT = "built in"
NAMES = """
alexnet densenet121 efficientnet_b0 googlenet inception_v3 mnasnet1_0 mobilenet_v2
mobilenet_v3_large mobilenet_v3_small regnet_x_400mf regnet_y_400mf resnet18 resnet50
resnext50_32x4d shufflenet_v2_x1_0 squeezenet1_0 squeezenet1_1 vgg11_bn zfnet vgg16
""".split() + [DEFAULT, *TRANSFORMERS]


def words(command, folder=None, more=None):
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", **(more or {}))
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        if name not in (more or {}):
            environment.pop(name, None)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def pairs(text):
    found = text.splitlines()[0].split()
    return dict(zip(found[::2], found[1::2]))


class Net:
    def __init__(self, options, name):
        self.o, self.name = options, name
        self.side = SIDES.get(name, 224)
        self.path = os.path.join(options.nets, name + ".onnx")
        if name == DEFAULT:
            self.path = os.path.join(HERE, "../../models/default.onnx")
            self.side = 128
        self.path = os.path.abspath(self.path)
        self.times = {}
        self.peak = 0
        work = pairs(words([options.build + "/reached", self.path, str(self.side)]))
        self.gflop, self.naive, self.reached, self.positions = (
            float(work[k]) for k in ("gflop", "naive", "reached", "positions")
        )

    def take(self, task, values, per=1.0):
        key = "cpu_ms" if self.o.threads == 1 else "median_ms"
        key = "least_ms" if self.o.least else key
        self.times.setdefault(task, []).append(float(values[key]) * per)
        return float(values["peak_mb"])

    def ours(self, task, *more):
        narrow = self.o.width == 256
        command = [self.o.build + ("/bench_256" if narrow else "/bench"), self.path]
        command += ["--threads", str(self.o.threads), "--task", task, "--side", str(self.side)]
        kernel = {"OPENBLAS_CORETYPE": "Haswell"} if narrow else None
        return words(command + list(more), more=kernel)

    def peer(self, batch, repeat):
        narrow = {"LD_PRELOAD": "./narrow.so"} if self.o.width == 256 else None
        script = os.path.join(HERE, "peer.mjs")
        command = ["node", script, self.path, str(batch), str(repeat), str(self.side)]
        return pairs(words(command + [str(self.o.threads)], self.o.peer, narrow))

    def round(self):
        many = "25" if self.gflop < 1 else "9"
        if "forward" in self.o.tasks or "project" in self.o.tasks:
            self.take("forward", pairs(self.ours("forward", "--repeat", many)))
            self.take("peer", self.peer(1, many))
        if "project" in self.o.tasks:
            for task in ("project", "map"):
                self.take(task, pairs(self.ours(task, "--repeat", many)))
        if "occlude" in self.o.tasks:  # the peer before and behind: the machine changes
            few = "2" if self.gflop > 1 else "3"
            for behind in range(2):
                if behind:
                    peak = self.take("occlude", pairs(self.ours("occlude", "--repeat", "1")))
                    self.peak = max(self.peak, peak)
                self.take("peer", self.peer(1, many))
                self.take("peer batch", self.peer(BATCH, few), 1 / BATCH)

    def median(self, task):
        taken = min if self.o.least else statistics.median
        return taken(self.times[task]) if task in self.times else None

    def bounds(self):
        """The kinds of step with the most time in an occlusion."""
        kinds, total = [], 0
        for line in self.ours("occlude", "--repeat", "1", "--profile").splitlines()[2:]:
            cells = line.split(None, 5)
            if len(cells) < 6:
                break
            took = float(cells[0]) + float(cells[1])
            total += took
            kinds.append((took, cells[5]))
        kinds.sort(reverse=True)
        return ", ".join(f"{kind} {took / total:.0%}" for took, kind in kinds[:3])

    def row(self):
        forward, unit, whole = (self.median(t) for t in ("forward", "project", "map"))
        occlude, peer = self.median("occlude"), self.median("peer")
        cells = [self.name]
        if forward and "forward" in self.o.tasks:
            cells += [number(forward), number(peer), against(peer / forward, 1)]
        if unit:
            cells += [against(unit / forward, 1.6, True), against(whole / forward, 2.1, True)]
        if occlude:
            batch = self.median("peer batch")
            naive = min(peer, batch) * self.positions
            least = self.naive / self.reached
            goal = KEPT.get(self.name, max(1.0, 0.8 * least))
            if self.name in TRANSFORMERS:
                goal = 1.0
            rate = self.reached / occlude * 1e3
            cells += [seconds(occlude), seconds(naive), against(naive / occlude, goal)]
            cells += [f"{goal:.1f}", f"{least:.1f}", f"{rate:.0f}", f"{self.peak:.0f}"]
            cells.append("" if self.o.brief else self.bounds())
        return "| " + " | ".join(cells) + " |"


def number(ms):
    return f"{ms:.1f}" if ms < 100 else f"{ms:.0f}"


def seconds(ms):
    return f"{ms / 1e3:.2f}" if ms < 1e4 else f"{ms / 1e3:.1f}"


def against(value, goal, most=False):
    """Bold: the goal is met."""
    met = value <= goal + 0.005 if most else value >= goal - 0.005
    return f"**{value:.2f}**" if met else f"{value:.2f}"


def head(options):
    cells = ["net"]
    if "forward" in options.tasks:
        cells += ["forward, ms", "peer", "peer / ours"]
    if "project" in options.tasks:
        cells += ["unit, forwards", "map, forwards"]
    if "occlude" in options.tasks:
        cells += ["occlusion, s", "peer", "peer / ours", "goal", "naive / reached"]
        cells += ["GFLOPS of what is reached", "peak, MB", "most time in"]
    print("| " + " | ".join(cells) + " |")
    print("|" + "---|" * len(cells), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("nets")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--peer", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1, choices=(1, 2))
    parser.add_argument("--width", type=int, default=512, choices=(256, 512))
    parser.add_argument("--tasks", default="forward,project,occlude")
    parser.add_argument("--least", action="store_true")
    parser.add_argument("--brief", action="store_true")
    options = parser.parse_intermixed_args()
    options.build = os.path.abspath(options.build)
    options.tasks = options.tasks.split(",")
    kernel = {"OPENBLAS_CORETYPE": "Haswell"} if options.width == 256 else None
    for task in ("sgemm", "stream"):
        said = words([options.build + "/bench", "--task", task, "--threads",
                      str(options.threads)], more=kernel).strip()
        print(f"<!-- {task}: {said} -->")
    head(options)
    failed = False
    for name in options.names or NAMES:
        try:
            net = Net(options, name)
            for _ in range(options.rounds):
                net.round()
            print(net.row(), flush=True)
        except RuntimeError as problem:
            failed = True
            print(f"<!-- {name}: {problem} -->", flush=True)
    sys.exit(failed)


main()
