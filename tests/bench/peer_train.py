#!/usr/bin/python3
# Images a second in training: ours and PyTorch's in turn, the same net and batch.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
#     tests/bench/peer_train.py BUILD/tests/bench_train [--side 64] [--batch 128] [--rounds 3]
#
# Needs python3-torch. Two threads each, pictures in memory as floats; PyTorch with
# channels_last, which is quicker here than its own layout. Of each the median step of a
# round, and of the rounds the best: other programs can only slow a run down.
import argparse
import os
import statistics
import subprocess
import time

import torch
from torch import nn

LAYERS = [  # maps, kernel, stride, a pool behind it: as in bench_train.c
    (48, 7, 2, True),
    (96, 3, 1, False),
    (96, 3, 1, True),
    (160, 3, 1, False),
    (160, 3, 1, True),
    (256, 3, 1, False),
    (256, 3, 1, False),
]
CLASSES = 200
STEPS = 12


def new_net():
    parts, channels = [], 3
    for maps, kernel, stride, pool in LAYERS:
        conv = nn.Conv2d(channels, maps, kernel, stride, kernel // 2, bias=False)
        parts += [conv, nn.BatchNorm2d(maps), nn.ReLU(inplace=True)]
        if pool:
            parts.append(nn.MaxPool2d(3, 2, 1))
        channels = maps
    parts += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, CLASSES)]
    return nn.Sequential(*parts)


def peer(side, batch):
    last = torch.channels_last
    net = new_net().to(memory_format=last)
    sgd = torch.optim.SGD(
        net.parameters(), 0.05, momentum=0.9, weight_decay=5e-4, nesterov=True
    )
    x = torch.randn(batch, 3, side, side).to(memory_format=last)
    y = torch.arange(batch) % CLASSES
    seconds = []
    for _ in range(STEPS + 1):
        begun = time.monotonic()
        sgd.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        sgd.step()
        seconds.append(time.monotonic() - begun)
    return batch / statistics.median(seconds[1:])


def ours(program, side, batch):
    environment = dict(os.environ)
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(name, None)
    command = [program, f"--side={side}", f"--batch={batch}", f"--steps={STEPS}"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--side", type=int, default=64)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    a = parser.parse_args()
    torch.set_num_threads(2)
    mine, theirs = [], []
    for _ in range(a.rounds):
        mine.append(ours(a.program, a.side, a.batch))
        theirs.append(peer(a.side, a.batch))
        print(f"{mine[-1]:.0f} {theirs[-1]:.0f}", flush=True)
    best = max(mine), max(theirs)
    print(f"ours {best[0]:.0f} pytorch {best[1]:.0f} ratio {best[0] / best[1]:.2f}")


main()
