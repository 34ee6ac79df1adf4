#!/bin/bash
# tests/run.sh: all tests that this machine can run; ./run test calls it.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each part adds to three counts, and the last line is "N passed, N failed, N skipped".
# With CI=true GIMP 3.0 and 3.2 are made (in folders with Debian 13 and 14) and required.
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
    wanted="xvfb xauth xdotool openbox imagemagick fonts-dejavu-core locales libonnx-testdata clang clang-format procps parallel adwaita-icon-theme
        lintian appstream shellcheck gegl heif-gdk-pixbuf libavif-gdk-pixbuf"
    [ "$(. /etc/os-release && echo "${VERSION_ID:-}")" != 12 ] || wanted="$wanted libclang-rt-14-dev"
    # shellcheck disable=SC2086
    dpkg -s $wanted > /dev/null 2>&1 || {
        $sudo apt-get update -qq -o DPkg::Lock::Timeout=600
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=600 --no-install-recommends $wanted > /dev/null
    }
fi
warnings=$(grep -c 'warning:' build.log)
[ "$warnings" = 0 ] || bad "the compiler had $warnings warnings"

# Folders with other GIMPs, made while compilers and tests have the processors: mostly downloads. make_folder NAME SUITE
make_folder() {
    [ "$(id -u)" = 0 ] && { [ -n "${CI:-}" ] || [ -e "$chroots/$1/.gimp3-chroot-ready" ]; } || return 0
    bash tests/gimp/gimp3-chroot.sh create "$chroots/$1" "$2" > "build/$1-folder.log" 2>&1
}
{ make_folder gimp3 trixie; make_folder gimp32 forky; } &
folders=$!

title "unit tests"
meson_tests build

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

title "reference cases"
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
tests=()
if [ -d "$node_tests" ]; then
    mapfile -t tests < <(grep -v '^#' "$data/onnx-node-tests.txt" | cut -f1 | sed "s|^|$node_tests/|")
    counted build/nodes.log build/tests/case "${tests[@]}"
else
    skip "node tests: libonnx-testdata is not here"
fi

# What runs in GIMP waits more than it computes, so these parts run beside each other. beside NAME COMMAND...
parts=() part_ids=()
beside() {
    local name=$1
    shift
    (
        passed=0 failed=0 skipped=0
        "$@"
        echo "$passed $failed $skipped" > "build/$name.counts"
    ) > "build/$name.part" 2>&1 &
    part_ids+=($!)
    parts+=("$name")
}

# Waits for all of them; shows what they said one after the other, and adds their counts.
together() {
    local name
    wait "${part_ids[@]}"
    for name in "${parts[@]}"; do
        cat "build/$name.part"
        # shellcheck disable=SC2046
        add $(cat "build/$name.counts" 2> /dev/null || {
            echo "FAILED: $name ended before its end" >&2
            echo 0 1 0
        })
    done
    parts=() part_ids=()
}

sanitizers() {
    title "with address and undefined-behaviour sanitizers"
    if ! make_build "$root/build-asan" -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args=-fno-sanitize-recover=undefined; then
        bad "building with sanitizers"
        return
    fi
    export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
    meson_tests build-asan --suite core --suite plugin --timeout-multiplier 10
    counted build-asan/case.log build-asan/tests/case "$data/nets" "$data/training" "$data/foreign" "${tests[@]}"
    unset ASAN_OPTIONS UBSAN_OPTIONS
    local host
    for host in gimp2 gimp3; do
        [ -x "build-asan/plugin/$host/featurescope" ] || continue
        echo "inside $host:"
        tap "build/$host-asan.log" sh tests/gimp/run.sh "$host" "$root/build-asan"
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

native() {
    local host
    for host in gimp2 gimp3; do
        [ -x "build/plugin/$host/featurescope" ] || continue
        title "inside $host"
        gimps | grep "^$host "
        tap "build/$host.log" sh tests/gimp/run.sh "$host" "$root/build"
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
        tap "build/$host-windows.log" xvfb-run -a -s "-screen 0 1280x720x24" bash tests/gimp/windows.sh "$host" "$root/build"
    done
}

packages() {
    title "packages"
    tap build/package.log bash tests/package/run.sh
}

# Other GIMPs, each in a folder with its Debian: inside build|scripts|windows NAME [OTHER]
inside() {
    bash tests/gimp/gimp3-chroot.sh run "$chroots/$2" "$(dirname "$root")" bash "$root/tests/gimp/inside.sh" "$1" "$root" "${@:2}"
}

# Whether GIMP VERSION can be had in the folder NAME: has_folder NAME VERSION
has_folder() {
    ! { gimps | grep -q "^gimp3 $2\." && [ -x build/plugin/gimp3/featurescope ]; } && [ -e "$chroots/$1/.gimp3-chroot-ready" ]
}

in_folder() { # scripts|windows NAME VERSION [OTHER]
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

# What runs in GIMP 3.2 wants the programs of 3.0 as well, so these are built before both are tested.
build_folder() { # NAME VERSION [OTHER]
    ! has_folder "$1" "$2" || inside build "$1" "${@:3}" || bad "building for GIMP $2"
}

wait $folders
rm -f build/*.counts
beside native native
beside native-windows native_windows
beside sanitizers sanitizers
title "programs for other GIMPs"
build_folder gimp3 3.0
build_folder gimp32 3.2 build-gimp3
for verb in scripts windows; do
    beside "gimp3-$verb" in_folder $verb gimp3 3.0
    beside "gimp32-$verb" in_folder $verb gimp32 3.2 build-gimp3
done
title "the rest, beside each other"
fuzzing
packages
together

finish
