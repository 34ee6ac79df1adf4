#!/bin/bash
# tests/run.sh: all tests that this machine can run; ./run test calls it.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each part adds to three counts, and the last line is "N passed, N failed, N skipped".
# With CI=true GIMP 3.0 and 3.2 are made (in folders with Debian 13 and 14) and required.
#
# What computes is one chain of parts; windows and scripts in each GIMP, which wait more than they compute, run beside
# it and come first where both want a processor (nice). A part prints when it is over.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/.."
root=$PWD
jobs=${FEATURESCOPE_JOBS:-$(nproc)}
chroots=${FEATURESCOPE_CHROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/featurescope}
. plugin/gimps.sh
shared=$(realpath -m "$root/../shared")
data=$root/tests/data
node_tests=/usr/share/libonnx-testdata/data/node
passed=0 failed=0 skipped=0

# With the minutes since the start, so that it is seen what takes long.
title() { printf '\n== %s (minute %d)\n' "$*" $((SECONDS / 60)); }
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

# The tests of TAP that failed, with why: the first comments after each.
failures() {
    awk '/^not ok/ { left = 40; print; next } !/^#/ { left = 0 } left > 0 { left--; print }' "$1"
}

# The same for a program that prints TAP.
tap() {
    local log=$1 ok bad skips
    shift
    "$@" > "$log" 2>&1
    local status=$?
    failures "$log"
    grep '^ok .*\(# SKIP\|the second time)$\)' "$log"
    skips=$(grep -c '^ok .*# SKIP' "$log")
    ok=$(($(grep -c '^ok ' "$log") - skips))
    bad=$(grep -c '^not ok ' "$log")
    if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ "$ok" = 0 ]; }; then
        tail -n 60 "$log"
        bad=1
    fi
    echo "$ok passed, $bad failed, $skips skipped"
    add "$ok" "$bad" "$skips"
}

# The names of failed tests, and the end of what each printed.
meson_failures() {
    local line
    sed -n '/^Summary of Failures/,/^Ok:/s/^ *\([0-9]*\/[0-9]* .*\)/\1/p' "$1" | while read -r line; do
        echo "not ok - $line"
        awk -v test=" ${line%% *} " '/^=+ [0-9]+\/[0-9]+ =+$/ { on = index($0, test) } /^Summary of/ { on = 0 } on' "$2" | tail -n 40 | sed 's/^/# /'
    done
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
        meson_failures "$log" "$folder/meson-logs/testlog.txt"
        [ "$fail" != 0 ] || { fail=1 && tail -n 20 "$log"; }
    fi
    add "$ok" "$fail" "$skips"
}

# What is built once: make_build FOLDER [MESON OPTION...]
make_build() {
    local folder=$1
    shift
    if [ ! -e "$folder/build.ninja" ]; then
        meson setup "$folder" "$root" "$@" > "$folder.log" 2>&1 || {
            tail -n 20 "$folder.log"
            return 1
        }
    fi
    CCACHE_DISABLE=1 ninja -j "$jobs" -C "$folder" > "$folder.log" 2>&1 || {
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

# --- parts beside each other

parts=() part_ids=()

# beside NAME NICENESS COMMAND...: what it prints and counts is kept until it is over.
beside() {
    local name=$1 niceness=$2
    shift 2
    (
        renice -n "$niceness" "$BASHPID" > /dev/null
        passed=0 failed=0 skipped=0
        "$@"
        echo "$passed $failed $skipped" > "build/$name.counts"
    ) > "build/$name.part" 2>&1 &
    part_ids+=($!)
    parts+=("$name")
}

# Waits for all of them; each shows what it said when it is over, and its counts are added.
together() {
    local id i name
    while [ ${#part_ids[@]} -gt 0 ]; do
        wait -n -p id "${part_ids[@]}"
        for i in "${!part_ids[@]}"; do
            [ "${part_ids[i]}" = "$id" ] || continue
            name=${parts[i]}
            unset "part_ids[i]" "parts[i]"
            cat "build/$name.part"
            # shellcheck disable=SC2046
            add $(cat "build/$name.counts" 2> /dev/null || {
                echo "FAILED: $name ended before its end" >&2
                echo 0 1 0
            })
        done
    done
}

# --- what computes

unit_tests() {
    title "unit tests"
    meson_tests build --timeout-multiplier 5
}

format() {
    title "format"
    if clang-format --version 2> /dev/null | grep -q ' version 14\.'; then
        # Order of includes is part of it. Another version would have it otherwise in places.
        if find core plugin models/train tests -name '*.[ch]' -print0 |
            xargs -0 clang-format --dry-run -Werror 2> build/format.log; then
            echo "as .clang-format says"
            add 1 0 0
        else
            grep 'error:' build/format.log | head -n 20
            bad "run clang-format -i on these files"
        fi
    else
        skip "format: clang-format 14 is not here"
    fi
}

compilers() {
    title "other compilers' eyes"
    # GCC 12 follows no array that a loop fills, hence all of its alarms of uninitialised values (108) are false; the
    # sanitizers below and -Wuninitialized look for those. All other kinds are at zero.
    if [ "$(gcc -dumpversion 2> /dev/null)" = 12 ]; then
        if CC=gcc make_build "$root/build-analyser" -Doptimization=0 -Dtests=disabled -Dwerror=true \
            "-Dc_args=-fanalyzer -Wno-analyzer-use-of-uninitialized-value"; then
            echo "gcc's analyser has nothing to say"
            add 1 0 0
        else
            bad "gcc's analyser, or building with it"
        fi
    else
        skip "analyser: gcc 12 is not here"
    fi
    if command -v clang > /dev/null; then
        if CC=clang make_build "$root/build-clang" -Doptimization=0 -Dtests=disabled -Dwerror=true; then
            echo "clang has no warnings"
            add 1 0 0
        else
            bad "clang's warnings, or building with it"
        fi
    else
        skip "clang's warnings: clang is not here"
    fi
}

cases() {
    title "reference cases"
    local folder
    for folder in nets training foreign; do
        echo "$folder:"
        counted "build/case-$folder.log" build/tests/case "$data/$folder"
    done
    if [ -d "$shared/cases/squeezenet1.1-cat" ]; then
        echo "squeezenet1.1-cat:"
        counted build/case-squeezenet.log build/tests/case "$shared/cases/squeezenet1.1-cat"
    else
        skip "SqueezeNet 1.1: ../shared/cases/squeezenet1.1-cat is not here"
    fi
    title "ONNX node tests"
    if [ ${#node_cases[@]} -gt 0 ]; then
        counted build/nodes.log build/tests/case "${node_cases[@]}"
    else
        skip "node tests: libonnx-testdata is not here"
    fi
}

sanitizers() {
    title "with address and undefined-behaviour sanitizers"
    if ! make_build "$root/build-asan" -Doptimization=2 -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args=-fno-sanitize-recover=undefined; then
        bad "building with sanitizers"
        return
    fi
    export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
    meson_tests build-asan --suite core --suite plugin --timeout-multiplier 15
    counted build-asan/case.log build-asan/tests/case "$data/nets" "$data/training" "$data/foreign" "${node_cases[@]}"
    unset ASAN_OPTIONS UBSAN_OPTIONS
    local host
    for host in gimp2 gimp3; do
        [ -x "build-asan/plugin/$host/featurescope" ] || continue
        echo "inside $host:"
        tap "build/$host-asan.log" sh tests/gimp/run.sh "$host" "$root/build-asan" --sanitizers
    done
}

fuzzing() {
    title "fuzzing the reader"
    if command -v clang > /dev/null; then
        bash tests/fuzz/run.sh "${FEATURESCOPE_FUZZ_SECONDS:-60}" && add 1 0 0 || bad "the fuzzer found something"
    else
        skip "fuzzing: clang is not here"
    fi
}

computing() {
    cases
    unit_tests
    format
    compilers
    sanitizers
    fuzzing
}

# --- what runs in this machine's own GIMP

# Scripts that 'sanitizers' runs are left out.
native() {
    local host
    for host in gimp2 gimp3; do
        [ -x "build/plugin/$host/featurescope" ] || continue
        title "inside $host"
        gimps | grep "^$host "
        tap "build/$host.log" sh tests/gimp/run.sh "$host" "$root/build" --others
        echo "the commands of the documents:"
        tap "build/$host-docs.log" bash tests/gimp/docs-commands.sh "$host" "$root/build"
        echo "faults:"
        tap "build/$host-faults.log" bash tests/gimp/faults.sh "$host" "$root/build"
    done
}

native_windows() {
    local host
    command -v xvfb-run > /dev/null || return
    for host in gimp2 gimp3; do
        [ -x "build/plugin/$host/featurescope" ] || continue
        title "windows of $host"
        tap "build/$host-windows.log" sh tests/gimp/displays.sh "$host" "$root/build" 100
    done
}

packages() {
    title "packages"
    tap build/package.log bash tests/package/run.sh
}

# --- what runs in other GIMPs, each in a folder with its Debian

# Made while compilers have the processors: mostly downloads. make_folder NAME SUITE
make_folder() {
    [ "$(id -u)" = 0 ] && { [ -n "${CI:-}" ] || [ -e "$chroots/$1/.gimp3-chroot-ready" ]; } || return 0
    bash tests/gimp/gimp3-chroot.sh create "$chroots/$1" "$2" > "build/$1-folder.log" 2>&1
}

# Whether GIMP VERSION can be had in the folder NAME: has_folder NAME VERSION
has_folder() {
    ! { gimps | grep -q "^gimp3 $2\." && [ -x build/plugin/gimp3/featurescope ]; } && [ -e "$chroots/$1/.gimp3-chroot-ready" ]
}

inside() { # VERB NAME FOLDER [ARG...]
    bash tests/gimp/gimp3-chroot.sh run "$chroots/$2" "$(dirname "$root")" bash "$root/tests/gimp/inside.sh" "$1" "$root" "${@:3}"
}

in_folder() { # VERB NAME VERSION FOLDER [ARG...]
    local verb=$1 name=$2 version=$3
    title "inside GIMP $version: $verb"
    if has_folder "$name" "$version"; then
        tap "build/$name-$verb.log" inside "$verb" "$name" "${@:4}"
    elif gimps | grep -q "^gimp3 $version\."; then
        echo "this machine's own, see above"
    elif [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ]; then
        bad "making a folder with GIMP $version"
    else
        skip "GIMP $version is not here"
    fi
}

build_folder() { # VERB NAME VERSION FOLDER
    ! has_folder "$2" "$3" || inside "$1" "$2" "$4" || bad "building for GIMP $3"
}

# --- all of them

title "packages and build"
if command -v apt-get > /dev/null && [ -z "${FEATURESCOPE_OFFLINE:-}" ]; then
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    wanted="xvfb xauth xdotool openbox imagemagick fonts-dejavu-core locales libonnx-testdata clang clang-format procps parallel adwaita-icon-theme ccache
        lintian appstream shellcheck gegl heif-gdk-pixbuf libavif-gdk-pixbuf"
    [ "$(. /etc/os-release && echo "${VERSION_ID:-}")" != 12 ] || wanted="$wanted libclang-rt-14-dev"
    # shellcheck disable=SC2086
    dpkg -s $wanted > /dev/null 2>&1 || {
        $sudo apt-get update -qq -o DPkg::Lock::Timeout=600
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=600 --no-install-recommends $wanted > /dev/null
    }
fi
export CCACHE_NOHASHDIR=1 # packages are built in folders of their own
FEATURESCOPE_BUILD=$root/build ./run build || {
    bad "building"
    finish
}
warnings=$(grep -c 'warning:' build.log)
[ "$warnings" = 0 ] || bad "the compiler had $warnings warnings"
node_cases=()
[ ! -d "$node_tests" ] ||
    mapfile -t node_cases < <(grep -v '^#' "$data/onnx-node-tests.txt" | cut -f1 | sed "s|^|$node_tests/|")

rm -f build/*.counts
make_folder gimp3 trixie &
older=$!
beside windows 0 native_windows
beside scripts 5 native
beside computing 10 computing
wait $older
make_folder gimp32 forky &
later=$!
# GIMP 3.2 runs the programs that were built for 3.0, as it does what is handed out.
build_folder build gimp3 3.0 build-gimp3
beside gimp3-windows 0 in_folder windows gimp3 3.0 build-gimp3 200
beside gimp3-scripts 5 in_folder scripts gimp3 3.0 build-gimp3 --others
wait $later
folder=build-gimp3
[ -x "$folder/plugin/gimp3/featurescope" ] || folder=build-gimp32
[ $folder = build-gimp3 ] || build_folder build gimp32 3.2 $folder
beside gimp32-windows 0 in_folder windows gimp32 3.2 $folder 300
beside gimp32-scripts 5 in_folder scripts gimp32 3.2 $folder
build_folder sanitize gimp3 3.0 build-gimp3-asan
beside gimp3-sanitizers 5 in_folder sanitizers gimp3 3.0 build-gimp3-asan --sanitizers
beside gimp3-wayland 0 in_folder wayland gimp3 3.0 build-gimp3 1
build_folder compile gimp32 3.2 build-gimp32
[ ! -e build-gimp3-asan ] || beside gimp32-sanitizers 5 in_folder sanitizers gimp32 3.2 build-gimp3-asan test-layers test-files test-values test-errors
beside gimp32-wayland 0 in_folder wayland gimp32 3.2 $folder 2
beside packages 10 packages
together

finish
