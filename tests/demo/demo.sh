#!/bin/bash
# demo.sh [IMAGE] [OUTDIR]: what Featurescope shows of a picture, as files; ./run demo calls it.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# IMAGE   any picture that GIMP opens; without one a stop sign in a street is drawn
# OUTDIR  default ./demo
#
# Runs the three actions with the built-in model in whichever GIMP is here, without a window
# and with a profile of its own. Writes OUTDIR/NAME.xcf with all layers, a PNG for each
# result, and a figure of them; prints the labels and the files.
set -euo pipefail
here=$(cd "$(dirname "$(realpath "$0")")" && pwd)
root=$(realpath "$here/../..")
build=${FEATURESCOPE_BUILD:-$root/build}
. "$root/tests/gimp/host.sh"

die() {
    echo "demo: $*" >&2
    exit 1
}

image=${1:-}
out=${2:-$root/demo}
host=$(host_find "$build") || die "no GIMP is here that the plug-in was built for (looked in $build)"
mkdir -p "$out" || exit 1
out=$(realpath "$out")
if [ -z "$image" ]; then
    image=$out/stop-sign.png
    [ -x "$build/tests/draw_demo" ] || die "$build/tests/draw_demo is missing: it needs libcairo2-dev"
    "$build/tests/draw_demo" "$image"
fi
[ -f "$image" ] || die "$image: no such file"
image=$(realpath "$image")
name=$(basename "$image")
name=${name%.*}

profile=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-demo.XXXXXX")
trap 'rm -rf "$profile"' EXIT
export FEATURESCOPE_FONTS=-s # the words of the figure become text
host_profile "$host" "$build" "$profile" "$image"
"$build/tests/plugin/table" > "$profile/tables.scm"
echo "$(host_version "$host"), built-in model, $image"
host_run "$host" "$profile" "$profile/log" "
    (load $(host_string "$root/tests/gimp/prelude.scm"))
    (load $(host_string "$root/tests/gimp/prelude-$host.scm"))
    (load $(host_string "$profile/tables.scm"))
    (define photo $(host_string "$image"))
    (define out $(host_string "$out/$name"))
    (define temporary $(host_string "$profile"))
    (load $(host_string "$here/demo.scm"))" || {
    cat "$profile/log" >&2
    die "the run in GIMP failed; its messages are above"
}
echo
cat "$out/$name-labels.txt"
echo
ls "$out/$name"[.-]*
