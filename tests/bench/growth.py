#!/usr/bin/python3
# How time and memory grow with each thing that a user can make larger.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
#     tests/bench/growth.py BUILD/tests NETS [--photos FOLDER] [TABLE ...]
#
# Processor time of one thread, the least of some runs, so that other programs on the machine
# change it little; of what is the plug-in's own, of its threads. Each row says how the time grew from the row
# before, and how it may grow at most: with positions, photos, maps and layers as their
# number, with squares as what they reach; ! marks what grew a fifth more than that. NETS: by nets.py; FOLDER: a few JPEG photos, which
# are copied under many names. Tables: positions square photo folder maps depth.
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
NET = "squeezenet1_1"
OCCLUSIONS = 2  # of each kind


def words(options, *command):
    environment = dict(os.environ)
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(name, None)
    done = subprocess.run(
        [os.path.join(options.build, command[0]), *map(str, command[1:])],
        env=environment, capture_output=True, text=True,
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return done.stdout


def bench(options, path, *more, repeat=1):
    said = words(options, "bench", path, "--threads", 1, "--repeat", repeat, *more).split()
    values = dict(zip(said[::2], map(float, said[1::2])))
    return values["least_ms"], values["peak_mb"]


def table(name, head, rows, slack=1.2):
    """rows: what, size by which the time may grow, milliseconds, MB."""
    print(f"\n{name}\n\n| {head} | ms | grew | at most | MB |\n|---|---|---|---|---|", flush=True)
    before, failed = None, False
    for what, size, took, peak in rows:
        cells = [str(what), f"{took:.0f}" if took >= 100 else f"{took:.1f}"]
        if before:
            grew, most = took / before[1], size / before[0]
            failed = failed or grew > most * slack
            cells += [f"{grew:.2f}" + (" !" if grew > most * slack else ""), f"{most:.2f}"]
        else:
            cells += ["", ""]
        print("| " + " | ".join(cells + [f"{peak:.0f}"]) + " |", flush=True)
        before = size, took
    return failed


def net(options, name=NET):
    return os.path.join(options.nets, name + ".onnx")


def reached(options, path, size, step):
    said = words(options, "reached", path, 224, size, step).split()
    return float(said[said.index("reached") + 1])


def positions(options):
    for step in (16, 8, 4, 2):
        count = 224 // step
        took, peak = bench(
            options, net(options), "--task", "occlude", "--stride", step, repeat=OCCLUSIONS
        )
        work = reached(options, net(options), 32, step)
        yield f"{count} × {count} ({work:.0f} GFLOP)", count * count, took, peak


def square(options):
    for size in (16, 32, 64, 128):
        took, peak = bench(
            options, net(options), "--task", "occlude", "--size", size, repeat=OCCLUSIONS
        )
        work = reached(options, net(options), size, 8)
        yield f"{size} ({work:.0f} GFLOP)", work, took, peak


def photo(options):
    sizes = (1, 4, 12, 25, 50, 100)
    said = words(options, "plugin/read_bench", net(options), *sizes).split()
    for at, size in enumerate(sizes):
        yield size, size, float(said[3 * at + 1]), float(said[3 * at + 2])


def folder(options):
    photos = sorted(
        os.path.join(options.photos, f)
        for f in os.listdir(options.photos)
        if f.endswith(".jpg")
    )
    for count in (16, 32, 64, 128):
        with tempfile.TemporaryDirectory() as many:
            for i in range(count):
                shutil.copy(photos[i % len(photos)], f"{many}/{i:04}.jpg")
            said = words(options, "plugin/top_bench", net(options), many, 1).splitlines()
            ours = next(line.split() for line in said if line.startswith("ours"))
            yield count, count, float(ours[5]), 0


def export(path, body, out):
    """A classifier of 224 pixels: its first layer leaves 56 x 56 places. In a process of its
    own, as a program's peak of memory counts what forked it."""
    child = os.fork()
    if child == 0:
        import torch
        from torch import nn

        torch.manual_seed(0)
        first = [nn.Conv2d(3, 64, 3, stride=4, padding=1), nn.ReLU()]
        last = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(out, 10)]
        whole = nn.Sequential(*first, *body(nn), *last).eval()
        torch.onnx.export(whole, torch.zeros(1, 3, 224, 224), path, opset_version=13)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit("a net could not be exported: python3-torch?")


def maps(options):
    one = sorted(f for f in os.listdir(options.photos) if f.endswith(".jpg"))[0]
    one = os.path.join(options.photos, one)
    for count in (64, 128, 256, 512):
        def body(nn):
            return [nn.Conv2d(64, 64, 3, stride=2, padding=1), nn.ReLU(),
                    nn.Conv2d(64, count, 3, padding=1), nn.ReLU()]

        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "wide.onnx")
            export(path, body, count)
            said = words(options, "plugin/browse_bench", path, one, "relu3").splitlines()
            line = next(x for x in said if "projections" in x and "processor" in x)
            yield count, count, float(line.split()[-1]), 0


def depth(options):
    for layers in (4, 8, 16, 32, 64):
        def body(nn):
            return [part for _ in range(layers)
                    for part in (nn.Conv2d(64, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU())]

        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "deep.onnx")
            export(path, body, 64)
            took, peak = bench(options, path, "--task", "map", repeat=15)
            yield layers, layers + 1, took, peak


TABLES = {
    "positions": ("Occlusion by positions, square of 32", "positions", positions),
    "square": ("Occlusion by the square, step 8", "side of the square", square),
    "photo": ("Seeing a layer (read, scale), beside its own memory", "megapixels", photo),
    "folder": ("The strongest nine over a folder", "photos", folder),
    "maps": ("The browser's projections of all maps of a layer of 28 × 28 places", "maps", maps),
    "depth": ("Forward and the map of the last layer, 3 × 3, 64 maps of 56 × 56",
              "convolutions", depth),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("nets")
    parser.add_argument("tables", nargs="*")
    parser.add_argument("--photos")
    options = parser.parse_intermixed_args()
    failed = False
    for key in options.tables or TABLES:
        if key in ("folder", "maps") and not options.photos:
            print(f"\n{key}: no --photos")
            continue
        name, head, rows = TABLES[key]
        failed = table(name, head, rows(options)) or failed
    sys.exit(failed)


main()
