#!/usr/bin/python3
# Nets with random weights for benchmarks: python3-torchvision of Debian exports them.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
#     tests/bench/nets.py FOLDER [NAME ...]
#
# Writes FOLDER/NAME.onnx with an open batch. Weights are seeded; statistics of batch
# normalisation are drawn too, so that signals keep their size from layer to layer.
import os
import sys

import torch
import torchvision
from torch import nn

NAMES = """
squeezenet1_1 alexnet resnet18 zfnet vgg16
densenet121 efficientnet_b0 googlenet inception_v3 mnasnet1_0 mobilenet_v2
mobilenet_v3_large mobilenet_v3_small regnet_x_400mf regnet_y_400mf resnet50
resnext50_32x4d shufflenet_v2_x1_0 squeezenet1_0 vgg11_bn
vit_b_32 swin_t convnext_tiny
""".split()
SIDES = {"inception_v3": 299}
WITHOUT_AUXILIARY = {"googlenet", "inception_v3"}


class Lrn(nn.Module):
    """Is exported in pieces: ONNX's LRN node is not what PyTorch's exporter writes."""

    def forward(self, x):
        return nn.functional.local_response_norm(x, 5, 1e-4, 0.75, 2)


def zfnet():
    """Zeiler & Fergus 2014, figure 3, for 224 pixels."""
    conv = [
        nn.Conv2d(3, 96, 7, stride=2, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1),
        Lrn(),
        nn.Conv2d(96, 256, 5, stride=2),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1),
        Lrn(),
        nn.Conv2d(256, 384, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 384, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
    ]
    dense = [
        nn.Flatten(),
        nn.Linear(256 * 6 * 6, 4096),
        nn.ReLU(),
        nn.Linear(4096, 4096),
        nn.ReLU(),
        nn.Linear(4096, 1000),
        nn.Softmax(dim=1),
    ]
    return nn.Sequential(*conv, *dense)


def make(name):
    more = {}
    if name in WITHOUT_AUXILIARY:
        more = {"aux_logits": False, "init_weights": True}
    net = zfnet() if name == "zfnet" else getattr(torchvision.models, name)(weights=None, **more)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.1)
    return net.eval()


def main():
    if len(sys.argv) < 2:
        sys.exit("nets.py FOLDER [NAME ...]")
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name in sys.argv[2:] or NAMES:
        torch.manual_seed(0)
        path = os.path.join(folder, name + ".onnx")
        side = SIDES.get(name, 224)
        torch.onnx.export(
            make(name),
            torch.zeros(1, 3, side, side),
            path,
            opset_version=13,
            input_names=["picture"],
            output_names=["scores"],
            dynamic_axes={"picture": {0: "batch"}, "scores": {0: "batch"}},
        )
        print(path, flush=True)


main()
