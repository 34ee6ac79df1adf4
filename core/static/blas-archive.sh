#!/bin/sh
# blas-archive.sh ARCHIVE OUT: OpenBLAS's static archive without kernels for complex numbers, which nobody calls here.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# OpenBLAS has a table of kernels for each kind of processor (the members setparam_HASWELL.o, ...), so a program that
# multiplies one matrix gets every kernel of every table: 25 MB. References to complex ones (cgemm_kernel_n_HASWELL,
# izamax_k_ZEN) are made weak here, so that the linker leaves those kernels out and the table has NULL: 10 MB.
set -eu
[ $# = 2 ] || {
    sed -n '2s/^# //p' "$0" >&2
    exit 2
}
out=$(realpath -m "$2")
[ -z "$(find -L "$out" -newer "$1" 2> /dev/null)" ] || exit 0 # it is there, from an earlier configuration
mkdir -p "$(dirname "$out")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -L "$1" "$work/archive.a"
chmod u+w "$work/archive.a"
cd "$work"
# shellcheck disable=SC2046
ar x archive.a $(ar t archive.a | grep '^setparam_')
nm -u setparam_* | awk '$1 == "U" && $2 ~ /^i?[cz][a-z0-9_]*_[A-Z0-9_]+$/ { print $2 }' | sort -u > complex
for table in setparam_*; do
    objcopy --weaken-symbols=complex "$table"
done
ar r archive.a setparam_*
mv archive.a "$out"
