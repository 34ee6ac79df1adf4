#!/bin/bash
# tests/fuzz/run.sh [SECONDS [SEED]]: fuzzes the ONNX reader with clang's libFuzzer. The seed is 1, so that two runs try
# the same files as far as their seconds go; 0 takes another each time.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Seeds: corpus/, which is small and committed; the nets of tests/data, with functions, quantisation, external data and
# other things that exporters write; and all of these cut off in the middle and near the end. What is found new stays in
# build-fuzz/found/.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/../.."
seconds=${1:-60}
seed=${2:-1}
build=build-fuzz
[ -e "$build/build.ninja" ] || CC=clang meson setup "$build" -Dfuzz=true -Dgimp2=disabled -Dgimp3=disabled \
    -Db_sanitize=address,undefined -Db_lundef=false "-Dc_args=-fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined" > "$build.log" 2>&1 || {
    tail -n 20 "$build.log"
    exit 1
}
ninja -C "$build" tests/fuzz/fuzz-model >> "$build.log" 2>&1 || {
    tail -n 20 "$build.log"
    exit 1
}
mkdir -p "$build/found"
rm -rf "$build/seeds"
mkdir "$build/seeds"
for file in tests/fuzz/corpus/*.onnx tests/data/*/*/model.onnx; do
    name=$(echo "${file%.onnx}" | sed 's|^tests/||; s|/|-|g')
    size=$(stat -c %s "$file")
    cp "$file" "$build/seeds/$name"
    head -c $((size / 2)) "$file" > "$build/seeds/$name-half"
    head -c $((size - size / 20)) "$file" > "$build/seeds/$name-most"
done
# OpenBLAS's kernels may not be those of this processor under sanitizers; results are not looked at here.
if "$build/tests/fuzz/fuzz-model" -seed="$seed" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=65536 \
    -print_final_stats=1 -artifact_prefix="$build/found/" "$build/found" "$build/seeds" > "$build/fuzz.log" 2>&1; then
    grep -E 'stat::number_of_executed_units|cov:' "$build/fuzz.log" | tail -n 2
else
    tail -n 60 "$build/fuzz.log"
    exit 1
fi
