"""kinks.py: which kinks of a net explain the difference of two gradients.

SPDX-License-Identifier: GPL-3.0-or-later

A rectifier's slope jumps at zero, and a max-pool's where two values of a window are equal. A net
has millions of such places, and at some of them rounding decides which slope is taken: of two
programs that are both right, one may then take the other slope at unit i, and their gradients
differ by

    d_i = (other slope - slope) * (signal that comes to i) * (gradient of i's input at the picture)

explain() finds the kinks that are nearer than rounding, and turns those to the other slope that
bring one gradient to the other; what is left is a difference of the walk itself.
"""
import contextlib
from unittest import mock

import torch
import torch.nn.functional as functional

NEAR = 3e-6  # of the largest value of a tensor: what rounding reaches
MOST = 100  # kinks looked at: those with the largest signals
# Where the slope jumps, and the slopes before and behind.
SLOPES = {"relu": [(0, 0, 1)], "hardtanh": [(0, 0, 1), (6, 1, 0)],
          "hardswish": [(-3, 0, -1 / 2), (3, 3 / 2, 1)],
          "hardsigmoid": [(-3, 0, 1 / 6), (3, 1 / 6, 0)]}


class Kink:
    """Unit `place` of y, whose slope may as well be that of `turn` more."""

    def __init__(self, y, place, turn):
        self.y, self.place, self.turn = y, place, turn


def kinks_of(kind, x, y):
    flat = x.flatten()
    near = NEAR * float(flat.detach().abs().max())
    for at, before, behind in SLOPES[kind]:
        for i in ((flat.detach() - at).abs() < near).nonzero().flatten().tolist():
            jump = behind - before
            yield Kink(y, i, (-jump if flat[i] > at else jump) * flat[i])


def pool_kinks(x, y, size, stride, padding):
    """Windows whose two largest values are about equal. Values that are equal to the last bit
    are one, which stands there twice: zeroes, or what an earlier pool gave to two windows."""
    def windows(of, fill):
        reach = [(n - 1) * stride + size - have - padding
                 for n, have in zip(y.shape[2:], x.shape[2:])]
        behind = [max(n, 0) for n in reach]
        padded = functional.pad(of, (padding, behind[1], padding, behind[0]), value=fill)
        cut = padded.unfold(2, size, stride).unfold(3, size, stride)
        return cut[:, :, :y.shape[2], :y.shape[3]].reshape(y.numel(), size * size)

    values = windows(x.detach(), -float("inf"))
    numbers = windows(torch.arange(x.numel(), dtype=torch.double).reshape(x.shape), -1.0)
    most, first = values.max(1)
    next_most, second = values.masked_fill(values == most[:, None], -float("inf")).max(1)
    near = most - next_most < NEAR * float(x.detach().abs().max())
    flat = x.flatten()
    for i in near.nonzero().flatten().tolist():
        one, other = int(numbers[i, first[i]]), int(numbers[i, second[i]])
        yield Kink(y, i, flat[other] - flat[one])


@contextlib.contextmanager
def watched(kinks, turned):
    """What runs inside adds its kinks to the list; those whose numbers are in `turned` get the
    other slope, and the same value."""
    def add(y, found):
        begin = len(kinks)
        kinks.extend(found)
        here = [k for i, k in enumerate(kinks[begin:], begin) if i in turned]
        if here:
            other = torch.stack([k.turn - k.turn.detach() for k in here])
            places = torch.tensor([k.place for k in here])
            y = y.flatten().index_add(0, places, other).reshape(y.shape)
        for k in kinks[begin:]:
            k.y = y
        for k in here:  # may be turned back
            k.turn = -k.turn
        return y

    def watch(kind, real):
        def run(x, *args, **keys):
            keys.pop("inplace", None)
            y = real(x, *args, **keys)
            return add(y, kinks_of(kind, x, y))
        return run

    def pool(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False,
             return_indices=False, real=functional.max_pool2d):
        y = real(x, kernel_size, stride, padding, dilation, ceil_mode, return_indices)
        return add(y, pool_kinks(x, y, kernel_size, stride or kernel_size, padding))

    with contextlib.ExitStack() as stack:
        for kind in SLOPES:
            real = getattr(functional, kind)
            stack.enter_context(mock.patch.object(functional, kind, watch(kind, real)))
        stack.enter_context(mock.patch.object(functional, "max_pool2d", pool))
        yield


def gradient(of, x, start=None):
    found, = torch.autograd.grad(of, x, start, retain_graph=True, allow_unused=True)
    return torch.zeros_like(x) if found is None else found


def to_turn(seeds, kinks, x, differences, enough):
    """The numbers of the kinks that, turned, bring the seeds' gradients nearest to ours."""
    if not kinks:
        return set()
    signals = []
    tensors = list({id(k.y): k.y for k in kinks}.values())
    number = {id(t): i for i, t in enumerate(tensors)}
    for tensor, start in seeds:
        at = torch.autograd.grad(tensor, tensors, start, retain_graph=True, allow_unused=True)
        signals.append([float(at[number[id(k.y)]].flatten()[k.place])
                        if at[number[id(k.y)]] is not None else 0.0 for k in kinks])
    sizes = torch.tensor(signals).abs()
    sizes = (sizes / sizes.max(1, keepdim=True)[0].clamp_min(1e-30)).max(0)[0]
    chosen = [i for i in sizes.argsort(descending=True).tolist()[:MOST] if sizes[i] > 0]
    if not chosen:
        return set()
    rows = torch.stack([gradient(kinks[i].turn, x).flatten() for i in chosen])
    found = set()
    for of, left, limit in zip(signals, differences, enough):
        change = rows * torch.tensor([of[i] for i in chosen])[:, None]
        while float(left.abs().max()) > limit:  # the one that leaves least, again and again
            gain = 2 * change @ left - change.square().sum(1)
            best = int(gain.argmax())
            if gain[best] <= 0:
                break
            found.add(chosen[best])
            left = left - change[best]
            change[best] = 0
    return found


def explain(run, x, ours, enough):
    """How many kinks, turned, bring PyTorch's gradients to ours, and the differences that are
    left, a row each. run(x) gives the seeds, as pairs of a tensor and what starts there. As kinks
    on one path depend on each other, they are looked for three times at most."""
    turned, best = set(), None
    for _ in range(4):
        kinks = []
        with watched(kinks, turned):
            seeds = run(x)
        left = [row - gradient(tensor, x, start).flatten()
                for row, (tensor, start) in zip(ours, seeds)]
        worst = max(float(d.abs().max()) / limit for d, limit in zip(left, enough))
        if best is None or worst < best[0]:
            best = worst, len(turned), left
        more = to_turn(seeds, kinks, x, left, enough) if worst > 1 else None
        if not more:
            break
        turned ^= more
    return best[1], best[2]
