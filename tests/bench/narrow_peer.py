#!/usr/bin/python3
# A copy of the peer's folder in which ONNX Runtime sees no vectors wider than AVX2's.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
#     tests/bench/narrow_peer.py PEER PEER256
#     cd PEER256 && LD_PRELOAD=./narrow.so node .../peer.mjs MODEL 1 9
#
# ONNX Runtime has no switch for it, and few machines let a process hide a part of their
# processor (arch_prctl ARCH_SET_CPUID). So each `cpuid` that objdump finds in its library
# becomes `ud2`, and narrow_peer.c answers in its place.
import os
import re
import shutil
import subprocess
import sys

peer, copy = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
shutil.copytree(peer, copy)
subprocess.run(
    ["cc", "-O2", "-shared", "-fPIC", os.path.join(here, "narrow_peer.c"),
     "-o", os.path.join(copy, "narrow.so")],
    check=True,
)
changed = 0
for folder, _, files in os.walk(copy):
    for name in files:
        path = os.path.join(folder, name)
        if not name.startswith("libonnxruntime.so") or os.path.islink(path):
            continue
        if b"x64" not in path.encode():
            continue
        # .text lies at another place in the file than in memory
        heads = subprocess.run(["objdump", "-h", path], capture_output=True, text=True,
                               check=True).stdout
        text = re.search(r"\s\.text\s+\S+\s+(\S+)\s+\S+\s+(\S+)", heads)
        shift = int(text[1], 16) - int(text[2], 16)
        code = subprocess.Popen(["objdump", "-d", "-j", ".text", "--no-show-raw-insn", path],
                                stdout=subprocess.PIPE, text=True)
        with open(path, "r+b") as library:
            for line in code.stdout:
                found = re.match(r"\s*([0-9a-f]+):\s+cpuid\s*$", line)
                if found:
                    library.seek(int(found[1], 16) - shift)
                    if library.read(2) != b"\x0f\xa2":
                        sys.exit(f"{path}: no cpuid at {found[1]}")
                    library.seek(-2, os.SEEK_CUR)
                    library.write(b"\x0f\x0b")
                    changed += 1
print(f"{changed} places changed")
if not changed:
    sys.exit("no cpuid found")
