#!/bin/sh
# blas-archive.sh ARCHIVE OUT: OpenBLAS's static archive without kernels for complex numbers, which nobody calls here.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# OpenBLAS has a table of kernels for each kind of processor (the members setparam_HASWELL.o, ...), and a program that
# multiplies one matrix gets every kernel of every table: 25 MB. References to complex ones (cgemm_kernel_n_HASWELL,
# izamax_k_ZEN) are made weak here, so that the linker leaves those kernels out and the table has NULL: 12 MB.
set -eu
[ $# = 2 ] || { sed -n '2p' "$0" >&2; exit 2; }
out=$(realpath -m "$2")
cp -L "$1" "$out"
chmod u+w "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# shellcheck disable=SC2046
ar x "$out" $(ar t "$out" | grep '^setparam_')
nm -u setparam_* | awk '$1 == "U" && $2 ~ /^i?[cz][a-z0-9_]*_[A-Z0-9_]+$/ { print $2 }' | sort -u > complex
for table in setparam_*; do
    objcopy --weaken-symbols=complex "$table"
done
ar r "$out" setparam_*
