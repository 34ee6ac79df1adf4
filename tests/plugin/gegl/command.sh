#!/bin/sh
# command.sh MODULES: the operations by the program gegl, as a person types it. Prints TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# MODULES  folders of modules, ours among them, separated by ":"
cd "$(dirname "$0")/../../.." || exit 2
command -v gegl > /dev/null || {
    echo "1..0 # SKIP the program gegl is not here"
    exit
}
if grep -q __asan_init "${1##*:}/featurescope.so"; then
    echo "1..0 # SKIP the program gegl has no sanitizers"
    exit
fi
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
export GEGL_PATH="$1" FEATURESCOPE_DATA="$PWD" LC_ALL=C.UTF-8
photo=docs/images/demo.jpg
number=0 bad=0

# check NAME CONDITION...
check() {
    name=$1
    shift
    number=$((number + 1))
    if "$@" > "$folder/log" 2>&1; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' "$folder/log"
        bad=1
    fi
}

# run OUT OPERATION...: the part of the log that is ours goes to OUT.said
run() {
    out=$folder/$1.png
    shift
    gegl "$photo" -o "$out" -- "$@" > "$out.log" 2>&1
    cat "$out.log"
    grep '^featurescope: ' "$out.log" > "$out.said"
    [ -s "$out" ]
}
differs() { ! cmp -s "$folder/$1.png" "$folder/$2.png"; }
fails_softly() { # PROPERTY
    run failed "featurescope:projection" "$1" && cmp "$folder/failed.png" "$folder/photo.png" &&
        [ "$(wc -l < "$folder/failed.png.said")" = 1 ]
}

check "gegl knows the projection" gegl --info featurescope:projection
check "the photo as it is" run photo gegl:nop
check "a projection" run projection featurescope:projection layer=relu5 map=12
check "is another picture" differs projection photo
check "of another map" run other featurescope:projection layer=relu5 map=3
check "is a third one" differs projection other
check "says nothing" test ! -s "$folder/projection.png.said"
check "a heat map" run heat featurescope:occlusion step=32 opacity=80
check "is another picture" differs heat photo
check "without the layer the photo stays, with one line" fails_softly layer=nowhere
check "without the model too" fails_softly model=/nowhere.onnx
check "without the map too" fails_softly map=99999
echo "1..$number"
exit $bad
