#!/bin/bash
# tests/run.sh: all tests that this machine can run; ./run test calls it.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each part adds to three counts, and the last line is "N passed, N failed, N skipped".
# With CI=true a GIMP 3 for Debian 12 is made (in a Debian 13 folder) and required.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/.."
root=$PWD
jobs=${FEATURESCOPE_JOBS:-$(nproc)}
chroot=${FEATURESCOPE_CHROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/featurescope/gimp3}
shared=$(realpath -m "$root/../shared")
node_tests=/usr/share/libonnx-testdata/data/node
passed=0 failed=0 skipped=0

title() { printf '\n== %s\n' "$*"; }
add() {
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}
bad() {
    echo "FAILED: $*"
    add 0 1 0
}
skip() {
    echo "skipped: $*"
    add 0 0 1
}

# Runs a program that closes with "N passed, N failed, N skipped"; shows failures, skips and the last line.
counted() {
    local log=$1 last
    shift
    "$@" > "$log" 2>&1
    local status=$?
    grep -E '^(FAILED|skipped|not ok)' "$log"
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
    if [ -z "$last" ]; then
        tail -n 20 "$log"
        bad "$1 ended with status $status and without a count"
        return
    fi
    echo "$last"
    # shellcheck disable=SC2046
    add $(echo "$last" | grep -oE '[0-9]+' | tr '\n' ' ')
    [ "$status" = 0 ] || [ "$(echo "$last" | cut -d' ' -f3)" != 0 ] || bad "$1 ended with status $status"
}

# The same for a program that prints TAP.
tap() {
    local log=$1 ok bad skips
    shift
    "$@" > "$log" 2>&1
    local status=$?
    grep -E '^not ok|# SKIP' "$log"
    skips=$(grep -c '^ok .*# SKIP' "$log")
    ok=$(($(grep -c '^ok ' "$log") - skips))
    bad=$(grep -c '^not ok ' "$log")
    if [ "$status" != 0 ] || [ "$ok" = 0 ]; then
        tail -n 60 "$log"
        [ "$bad" != 0 ] || bad=1
    fi
    echo "$ok passed, $bad failed, $skips skipped"
    add "$ok" "$bad" "$skips"
}

# meson_tests FOLDER [ARG...]: the counts of meson's own summary.
meson_tests() {
    local folder=$1 log=$1/meson-test.log
    shift
    meson test -C "$folder" --print-errorlogs "$@" > "$log" 2>&1
    local status=$? ok fail skips
    ok=$(awk '/^Ok:/ {n = $2} END {print n + 0}' "$log")
    fail=$(awk '/^(Fail|Timeout|Unexpected Pass):/ {n += $NF} END {print n + 0}' "$log")
    skips=$(awk '/^Skipped:/ {n = $2} END {print n + 0}' "$log")
    echo "$ok passed, $fail failed, $skips skipped"
    if [ "$status" != 0 ] || [ "$ok" = 0 ]; then
        tail -n 60 "$log"
        [ "$fail" != 0 ] || fail=1
    fi
    add "$ok" "$fail" "$skips"
}

# make_build FOLDER [MESON OPTION...]
make_build() {
    local folder=$1
    shift
    if [ ! -e "$folder/build.ninja" ]; then
        meson setup "$folder" "$root" "$@" > "$folder.log" 2>&1 || {
            tail -n 20 "$folder.log"
            return 1
        }
    fi
    ninja -j "$jobs" -C "$folder" > "$folder.log" 2>&1 || {
        tail -n 40 "$folder.log"
        return 1
    }
}

finish() {
    echo
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
    exit
}

title "packages and build"
FEATURESCOPE_BUILD=$root/build ./run build || {
    bad "building"
    finish
}
if command -v apt-get > /dev/null && [ -z "${FEATURESCOPE_OFFLINE:-}" ]; then
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    wanted="xvfb xauth xdotool openbox imagemagick fonts-dejavu-core locales libonnx-testdata clang procps parallel adwaita-icon-theme"
    [ "$(. /etc/os-release && echo "${VERSION_ID:-}")" != 12 ] || wanted="$wanted libclang-rt-14-dev"
    # shellcheck disable=SC2086
    dpkg -s $wanted > /dev/null 2>&1 || {
        $sudo apt-get update -qq
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted > /dev/null
    }
fi
warnings=$(grep -c 'warning:' build.log)
[ "$warnings" = 0 ] || bad "the compiler had $warnings warnings"

title "unit tests"
meson_tests build

title "reference cases"
if [ -d "$shared/cases" ]; then
    counted build/case.log build/tests/case "$shared/cases"
    if [ -d "$shared/cases-training" ]; then
        counted build/case-training.log build/tests/case "$shared/cases-training"
    fi
else
    skip "reference cases: ../shared/cases is not here"
fi

title "ONNX node tests"
if [ -d "$node_tests" ] && [ -f tests/data/onnx-node-tests.txt ]; then
    mapfile -t tests < <(grep -v '^#' tests/data/onnx-node-tests.txt | cut -f1 | sed "s|^|$node_tests/|")
    counted build/nodes.log build/tests/case "${tests[@]}"
else
    skip "node tests: libonnx-testdata is not here"
fi

title "with address and undefined-behaviour sanitizers"
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
if make_build "$root/build-asan" -Db_sanitize=address,undefined -Db_lundef=false \
    -Dc_args=-fno-sanitize-recover=undefined; then
    meson_tests build-asan --suite core --suite plugin --timeout-multiplier 5
    if [ -d "$shared/cases" ]; then
        mapfile -t small < <(find "$shared/cases" -mindepth 1 -maxdepth 1 -type d ! -name 'squeezenet1.1*')
        counted build-asan/case.log build-asan/tests/case "${small[@]}" "${tests[@]}"
    fi
else
    bad "building with sanitizers"
fi
unset ASAN_OPTIONS UBSAN_OPTIONS

title "fuzzing the reader"
if command -v clang > /dev/null; then
    bash tests/fuzz/run.sh "${FEATURESCOPE_FUZZ_SECONDS:-60}" && add 1 0 0 || bad "the fuzzer found something"
else
    skip "fuzzing: clang is not here"
fi

for host in gimp2 gimp3; do
    title "inside $host"
    if [ -x "build/plugin/$host/featurescope" ]; then
        tap "build/$host.log" sh tests/gimp/run.sh "$host" "$root/build"
        echo "the commands of docs/automation.md:"
        tap "build/$host-docs.log" bash tests/gimp/docs-commands.sh "$host" "$root/build"
        if command -v xvfb-run > /dev/null; then
            echo "with windows:"
            tap "build/$host-windows.log" xvfb-run -a -s "-screen 0 1280x720x24" bash tests/gimp/windows.sh "$host" "$root/build"
        fi
        if [ -x "build-asan/plugin/$host/featurescope" ]; then
            echo "with sanitizers:"
            tap "build/$host-asan.log" sh tests/gimp/run.sh "$host" "$root/build-asan"
        fi
    elif [ "$host" = gimp3 ] && [ "$(id -u)" = 0 ] && { [ -n "${CI:-}" ] || [ -e "$chroot/.gimp3-chroot-ready" ]; }; then
        bash tests/gimp/gimp3-chroot.sh create "$chroot" || {
            bad "making a folder with GIMP 3"
            continue
        }
        mount=$(dirname "$root")
        tap build/gimp3-inside.log \
            bash tests/gimp/gimp3-chroot.sh run "$chroot" "$mount" bash "$root/tests/gimp/inside.sh" "$root"
    else
        skip "$host is not here"
    fi
done

finish
