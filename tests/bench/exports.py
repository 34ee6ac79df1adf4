#!/usr/bin/env python3
"""exports.py: torchvision's classifiers as torch.onnx writes them, compared with PyTorch.

SPDX-License-Identifier: GPL-3.0-or-later

    exports.py BUILD FOLDER [NAME...] [--opsets 13,17] [--smooth]

for example `exports.py build /tmp/nets vit_b_16 swin_t`; without names all classifiers that
torchvision has, small ones first. Each net is exported at each opset, with random weights and
running statistics, and becomes a case (tests/data/README.md) that BUILD/tests/case runs:

    scores   of a picture of noise
    score    gradient of the largest score at the picture
    unit     gradient of the strongest unit of a layer inside
    map      gradient of half the sum of squares of that unit's map, where it is positive

The layer is the last one with 12 x 12 places or more that a module gives, or the last of the
largest if none has; tokens of a
transformer are taken for maps by a transposition that is exported with the net. What is expected
was computed in float64. An error is the largest difference over the largest value expected; under
"float32" stands the one that PyTorch's own float32 has, the worst of the three gradients. Where one
of ours is above 1e-5, "kinks" are the rectifiers and pools at which rounding decides and that
were decided otherwise (kinks.py), and "rest" is the worst of the three with these taken off.
Time and memory are those of one forward run and one projection of a score, by BUILD/tests/bench.

With --smooth rectifiers become Softplus and max-pools average pools, so that no slope jumps: what
is left of an error then is no matter of kinks.

FOLDER/results.tsv keeps a line a net and opset; what has one is not run again, and the table
that is printed last has a row a family with the worst of its nets. Nets are removed once they are
compared. Needs python3-torch, python3-torchvision and python3-onnx of Debian 12.
"""
import argparse
import contextlib
import math
import multiprocessing
import os
import re
import shutil
import subprocess
import warnings

import kinks
import torch
import torchvision
from onnx import numpy_helper
from torch.onnx import register_custom_op_symbolic

models = torchvision.models
CHECKS = ("scores", "score", "unit", "map")
COLUMNS = ("net", "opset") + CHECKS + ("float32", "kinks", "rest", "ms", "mb")


def zero(graph, x):  # Swin v2 zeroes a part of a bias; the exporter of PyTorch 1.13 cannot
    return graph.op("Mul", x, graph.op("Constant", value_t=torch.tensor(0.0)))


register_custom_op_symbolic("aten::zero", zero, 9)


def weights(name):
    return models.get_model_weights(name).DEFAULT.meta["num_params"]


def side(name):
    return 299 if name == "inception_v3" else 224


def measure(model, norms, size):
    """Gives normalisations the statistics of noise, and moves them by some of themselves."""
    for norm in norms:
        norm.momentum = 1  # those of the next run are taken as they are
    with torch.no_grad():
        model(torch.randn(2, 3, size, size))
    for norm in norms:
        norm.running_mean += torch.randn_like(norm.running_mean) * norm.running_var.sqrt() / 4
        norm.running_var *= torch.rand_like(norm.running_var) + 0.5


def make_smooth(module):
    """Modules below this one; torchvision calls functions too, which change for all."""
    for name, child in module.named_children():
        if isinstance(child, (torch.nn.ReLU, torch.nn.ReLU6)):
            setattr(module, name, torch.nn.Softplus())
        elif isinstance(child, torch.nn.MaxPool2d):
            setattr(module, name, torch.nn.AvgPool2d(child.kernel_size, child.stride,
                                                     child.padding, child.ceil_mode))
        else:
            make_smooth(child)
    functions = torch.nn.functional
    functions.relu = lambda x, inplace=False: functions.softplus(x)
    functions.max_pool2d = functions.avg_pool2d


def net(name, smooth=False):
    torch.manual_seed(0)
    model = getattr(models, name)(weights=None)
    if smooth:
        make_smooth(model)
    norms = [m for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.running_mean.normal_(0, 0.1)
        norm.running_var.uniform_(0.5, 1.5)
    if name in ("googlenet", "inception_v3"):  # values would vanish in one, explode in the other
        measure(model, norms, side(name))
    model.eval()
    for module in model.modules():
        if hasattr(module, "inplace"):  # a layer keeps what it gave
            module.inplace = False
    if name.startswith("vit"):  # torchvision's begins with zeroes there
        torch.nn.init.normal_(model.heads[-1].weight, 0, 0.02)
    return model


def as_maps(tensor):
    """A module's output as 1 x C x H x W; None if it has no maps."""
    if not isinstance(tensor, torch.Tensor):
        return None
    shape = tensor.shape
    if len(shape) == 4 and shape[2] == shape[3]:
        return tensor
    if len(shape) == 4 and shape[1] == shape[2]:  # channels last
        return tensor.permute(0, 3, 1, 2)
    side = math.isqrt(shape[1] - 1) if len(shape) == 3 else 0
    if side and side * side == shape[1] - 1:  # a class token, then the places
        return tensor[:, 1:].transpose(1, 2).reshape(1, shape[2], side, side)
    return None


class Inside(torch.nn.Module):
    """A net that gives its scores and the maps of its layer."""

    def __init__(self, model):
        super().__init__()
        self.model, self.calls, self.layer, self.maps, self.best = model, 0, None, None, 0
        model.requires_grad_(False)  # in the first run: what has a gradient depends on the picture
        for module in model.modules():
            if module is not model:
                module.register_forward_hook(self.see)

    def see(self, _module, _input, output):
        self.calls += 1
        if self.layer is not None and self.calls != self.layer:
            return
        maps = as_maps(output)
        if self.layer is None:  # the first run, which chooses it
            size = min(maps.shape[2], 12) if maps is not None and maps.requires_grad else 0
            if size < max(self.best, 2):
                return
            self.best, self.last = size, self.calls
        self.maps = maps

    def forward(self, x):
        self.calls = 0
        scores = self.model(x)
        if self.layer is None:
            self.layer = self.last
            self.model.requires_grad_(True)  # or else attention takes a way that is not exported
        return scores, self.maps


def seeds_of(scores, maps):
    """What walks back from a score, a unit and a map: tensor, where, and with which values."""
    unit = int(maps.argmax())
    channel, place = divmod(unit, maps.shape[2] * maps.shape[3])
    found = {"score": (scores, (0, int(scores.argmax()))),
             "unit": (maps, (0, channel) + divmod(place, maps.shape[3])),
             "map": (maps, (0, channel))}
    for check, (tensor, at) in found.items():
        start = torch.zeros_like(tensor)
        start[at] = tensor[at].detach().relu() if check == "map" else tensor[at].detach()
        found[check] = tensor, at, start
    return found


def gradients(model, x):
    x = x.clone().requires_grad_()
    scores, maps = model(x)
    seeds = seeds_of(scores, maps)
    return scores.detach(), seeds, {check: kinks.gradient(tensor, x, start)
                                    for check, (tensor, _, start) in seeds.items()}


def ours(folder, checks):
    """Our gradients, as one row of numbers each; None if one is not there."""
    found = {}
    for check in checks:
        path = os.path.join(folder, check + ".got")
        if not os.path.exists(path):
            return None
        with open(path, "rb") as data:
            found[check] = torch.frombuffer(bytearray(data.read()), dtype=torch.float32).double()
    return found


def explained(model, x, got, expected):
    """How many kinks explain our gradients where they differ, and the error that is left."""
    scale = {check: float(gradient.abs().max()) for check, gradient in expected.items()}
    left = {check: got[check] - expected[check].flatten() for check in got}
    turned = 0
    if any(float(left[check].abs().max()) > 1e-5 * scale[check] for check in left):
        def run(picture):
            seeds = seeds_of(*model(picture))
            return [(seeds[check][0], seeds[check][2]) for check in left]
        model.double()
        turned, rows = kinks.explain(run, x.double().requires_grad_(), list(got.values()),
                                     [1e-5 * scale[check] for check in got])
        left = dict(zip(left, rows))
        model.float()
    worst_left = max(float(left[check].abs().max()) / scale[check] for check in left)
    return str(turned), f"{worst_left:.2g}"


def write_tensor(path, name, tensor):
    with open(path, "wb") as out:
        out.write(numpy_helper.from_array(tensor.float().numpy(), name).SerializeToString())


def expect(name, folder, smooth):
    """Writes all of the net's case but the net; returns it, its picture, its gradients and its
    float32's error."""
    model = Inside(net(name, smooth)).eval()
    x = torch.randn(1, 3, side(name), side(name))
    single = gradients(model, x)[2]
    scores, seeds, exact = gradients(model.double(), x.double())
    model.float()
    ini = {"case": {"model": "model.onnx", "input": "x", "input-file": "x.pb",
                    "tasks": ";".join(CHECKS)},
           "scores": {"kind": "forward", "tensor": "y"}}
    for check, (_, at, _) in seeds.items():
        place = at + (0,) * (4 - len(at))
        ini[check] = {"kind": "project", "method": "gradient",
                      "keep": check + ".got", "tensor": "y" if check == "score" else "m",
                      "seed": "map" if check == "map" else "unit",
                      "channel": place[1], "y": place[2], "x": place[3]}
    with open(os.path.join(folder, "case.ini"), "w") as out:
        for group, keys in ini.items():
            if group != "case":
                keys.update({"expected": group + ".pb", "rtol": 1e-4})
            out.write(f"[{group}]\n" + "".join(f"{k}={v}\n" for k, v in keys.items()))
    write_tensor(os.path.join(folder, "x.pb"), "x", x)
    for check, tensor in dict(exact, scores=scores).items():
        write_tensor(os.path.join(folder, check + ".pb"), check, tensor)
    single = max(float((single[k] - exact[k]).abs().max() / exact[k].abs().max()) for k in exact)
    return model, x, exact, single


def output_of(*command):
    # A shell between: the system counts a process's memory from that of the one that started it.
    return subprocess.run(["sh", "-c", '"$@"; exit', "sh", *command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True).stdout


def compare(build, folder):
    """The errors of all checks and bench's time and memory; the message where one failed."""
    said = output_of(os.path.join(build, "tests", "case"), folder)
    found = {}
    for line in said.splitlines():
        number = re.search(r" (\w+) (?:values|gradient)  largest error (\S+) of", line)
        if number:
            found[number[1]] = number[2]
        elif line.startswith("FAILED"):
            print(line)
    said = output_of(os.path.join(build, "tests", "bench"), os.path.join(folder, "model.onnx"),
                     "--task", "project", "--layer", "y", "--repeat", "3")
    numbers = re.search(r"peak_mb (\S+) min_ms (\S+)", said)
    if not numbers:
        print(said)
    costs = (numbers[2], numbers[1]) if numbers else ("failed",) * 2
    return [found.get(check, "failed") for check in CHECKS], costs


def run_net(build, root, name, opsets, smooth):
    warnings.simplefilter("ignore")  # that a trace holds for one size only
    folder = os.path.join(root, name)
    os.makedirs(folder, exist_ok=True)
    model, x, exact, single = expect(name, folder, smooth)
    before = reasons = None
    for opset in opsets:
        torch.onnx.export(model, x, os.path.join(folder, "model.onnx"), opset_version=opset,
                          input_names=["x"], output_names=["y", "m"],
                          dynamic_axes={"x": {0: "n"}, "y": {0: "n"}, "m": {0: "n"}})
        for check in exact:
            with contextlib.suppress(FileNotFoundError):
                os.remove(os.path.join(folder, check + ".got"))
        errors, costs = compare(build, folder)
        got = ours(folder, exact)
        if got is None:
            reasons = ("failed", "failed")
        elif before is None or any(not torch.equal(got[check], before[check]) for check in got):
            reasons = explained(model, x, got, exact)
        before = got
        row = [name, str(opset), *errors, f"{single:.2g}", *reasons, *costs]
        with open(os.path.join(root, "results.tsv"), "a") as out:
            out.write("\t".join(row) + "\n")
    shutil.rmtree(folder)


def results(root):
    path = os.path.join(root, "results.tsv")
    if not os.path.exists(path):
        return []
    with open(path) as lines:
        return [dict(zip(COLUMNS, line.rstrip("\n").split("\t"))) for line in lines]


def family(name):
    return re.match(r"wide_resnet|regnet_[xy]|[a-z]+(_v\d)?", name)[0]


def worst(values, form):
    return "failed" if "failed" in values else format(max(float(v) for v in values), form)


def print_table(rows):
    print("| family | nets | " + " | ".join(COLUMNS[2:]) + " |\n" + "|---" * (len(COLUMNS)) + "|")
    families = {}
    for row in rows:
        families.setdefault(family(row["net"]), []).append(row)
    for name, of in sorted(families.items()):
        cells = [worst([row[column] for row in of],
                       ".0f" if column in ("kinks", "ms", "mb") else ".2g")
                 for column in COLUMNS[2:]]
        print(f"| {name} | {len({row['net'] for row in of})} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("folder")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--opsets", default="13,17")
    parser.add_argument("--smooth", action="store_true")
    given = parser.parse_args()
    opsets = [int(opset) for opset in given.opsets.split(",")]
    os.makedirs(given.folder, exist_ok=True)
    for name in given.names or sorted(models.list_models(module=models), key=weights):
        done = {int(row["opset"]) for row in results(given.folder) if row["net"] == name}
        left = [opset for opset in opsets if opset not in done]
        if not left:
            continue
        # A process of its own gives back all memory, and may end without ending the rest.
        process = multiprocessing.Process(target=run_net,
                                          args=(given.build, given.folder, name, left,
                                                given.smooth))
        process.start()
        process.join()
        print(name, "compared" if process.exitcode == 0 else "not compared", flush=True)
    print_table(results(given.folder))


if __name__ == "__main__":
    main()
