#!/usr/bin/env python3
"""exports.py: torchvision's classifiers as torch.onnx writes them, with PyTorch's answers.

SPDX-License-Identifier: GPL-3.0-or-later

    exports.py FOLDER OPSET NAME...        for example exports.py nets 17 vit_b_16 swin_t
    build/tests/case FOLDER/*              compares ours with PyTorch's

Weights are random; running statistics too, so that normalisations do something. Needs
python3-torch, python3-torchvision and python3-onnx of Debian 12.
"""
import os
import sys

import torch
import torchvision
from onnx import numpy_helper


def net(name):
    torch.manual_seed(0)
    model = getattr(torchvision.models, name)(weights=None).eval()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    if name.startswith("vit"):  # torchvision's begins with zeroes there
        torch.nn.init.normal_(model.heads[-1].weight, 0, 0.02)
    return model


def export(folder, opset, name):
    side = 299 if name == "inception_v3" else 224
    model, x = net(name), torch.randn(1, 3, side, side)
    data = os.path.join(folder, f"{name}-{opset}", "test_data_set_0")
    os.makedirs(data, exist_ok=True)
    with torch.no_grad():
        y = model(x)
    torch.onnx.export(model, x, os.path.join(folder, f"{name}-{opset}", "model.onnx"),
                      opset_version=opset, input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
    for file, tensor in (("input_0", x), ("output_0", y)):
        with open(os.path.join(data, file + ".pb"), "wb") as out:
            out.write(numpy_helper.from_array(tensor.numpy(), file[0]).SerializeToString())
    return float(y.abs().max())


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    for name in sys.argv[3:]:
        try:
            print(name, sys.argv[2], "largest answer", export(sys.argv[1], int(sys.argv[2]), name))
        except Exception as problem:  # an operator that the exporter does not know
            print(name, sys.argv[2], "not exported:", str(problem).splitlines()[0])


main()
