#!/bin/bash
# tests/fuzz/run.sh [SECONDS [SEED]]: fuzzes the ONNX reader with clang's libFuzzer, and for a fifth of the
# time the readers of cards, metadata and files beside a model. The seed is 1, so that two runs try
# the same files as far as their seconds go; 0 takes another each time.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Seeds: corpus/, which is small and committed; the nets of tests/data, with functions, quantisation, external data and
# other things that exporters write; and all of these cut off in the middle and near the end; corpus-words/ for words. What is
# found new stays in build-fuzz/found/ and found-words/.
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
ninja -C "$build" tests/fuzz/fuzz-model tests/fuzz/fuzz-words >> "$build.log" 2>&1 || {
    tail -n 20 "$build.log"
    exit 1
}
rm -rf "$build/seeds"
mkdir "$build/seeds"
for file in tests/fuzz/corpus/*.onnx tests/data/*/*/model.onnx; do
    name=$(echo "${file%.onnx}" | sed 's|^tests/||; s|/|-|g')
    size=$(stat -c %s "$file")
    cp "$file" "$build/seeds/$name"
    head -c $((size / 2)) "$file" > "$build/seeds/$name-half"
    head -c $((size - size / 20)) "$file" > "$build/seeds/$name-most"
done

# fuzz TARGET SECONDS LONGEST SEEDS FOUND
fuzz() {
    mkdir -p "$build/$5"
    if "$build/tests/fuzz/fuzz-$1" -seed="$seed" -max_total_time="$2" -timeout=20 -rss_limit_mb=3000 -max_len="$3" \
        -print_final_stats=1 -artifact_prefix="$build/$5/" "$build/$5" "$4" > "$build/fuzz-$1.log" 2>&1; then
        grep -E 'stat::number_of_executed_units|cov:' "$build/fuzz-$1.log" | tail -n 2
    else
        tail -n 60 "$build/fuzz-$1.log"
        return 1
    fi
}
words=$(((seconds + 4) / 5))
# OpenBLAS's kernels may not be those of this processor under sanitizers; results are not looked at here.
fuzz model $((seconds > words ? seconds - words : 1)) 65536 "$build/seeds" found
fuzz words "$words" 4096 tests/fuzz/corpus-words found-words
