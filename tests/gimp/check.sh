#!/bin/bash
# tests/gimp/check.sh: which GIMPs are here and whether the plug-in works in them; ./run check calls it.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every GIMP of PATH classifies a drawn stop sign, with the plug-in that was built and a profile of its own. Fails if
# that is right in none of them; what is missing is said. Flatpaks and Snaps are named.
set -uo pipefail
root=$(dirname "$(realpath "$0")")/../..
root=$(realpath "$root")
build=${FEATURESCOPE_BUILD:-$root/build}
. "$root/tests/gimp/host.sh"
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
picture=$folder/stop-sign.png
[ -x "$build/tests/draw_demo" ] && "$build/tests/draw_demo" "$picture" || {
    echo "check: $build/tests/draw_demo is missing; ./run build makes it, with libcairo2-dev" >&2
    exit 1
}

# classify HOST PROFILE: prints the label and its probability
classify() {
    host_profile "$1" "$build" "$2" "$picture" > "$2.log" 2>&1 || return
    local scheme
    case $1 in
        gimp2) scheme='(define image (car (gimp-file-load RUN-NONINTERACTIVE file file)))
            (define values (plug-in-featurescope-classify RUN-NONINTERACTIVE image
                (car (gimp-image-get-active-drawable image)) "" 1 "crop" 0))
            (define p (list-ref values 4))' ;;
        gimp3) scheme='(define image (car (gimp-file-load RUN-NONINTERACTIVE file)))
            (define values (plug-in-featurescope-classify #:run-mode RUN-NONINTERACTIVE #:image image
                #:drawables (car (gimp-image-get-layers image)) #:count 1))
            (define p (caddr values))' ;;
    esac
    host_run "$1" "$2" "$2.log" "(define file $(host_string "$picture")) $scheme
        (gimp-message (string-append \"LABEL \" (car values) \" (\" (number->string (vector-ref p 0)) \")\"))
        (gimp-message \"TEST OK\")" && sed -n 's/.*LABEL //p' "$2.log"
}

# The versions of what lies where: installed FOLDER...
installed() {
    local place
    for place in "$@"; do
        [ ! -x "$place/featurescope/featurescope" ] ||
            printf ' %s (%s)' "$place/featurescope" "$(cat "$place/featurescope/version" 2> /dev/null || echo "an old version")"
    done
}

echo "Featurescope $(sed -n "s/^  version: '\(.*\)',/\1/p" "$root/meson.build")"
works= found=
while read -r host version program; do
    found=yes
    echo "GIMP $version: $program"
    if [ ! -x "$build/plugin/$host/featurescope" ]; then
        dev=libgimp-3.0-dev
        [ "$host" = gimp3 ] || dev=libgimp2.0-dev
        echo "  built:     no; install $dev, then ./run check again"
        continue
    fi
    echo "  built:     $build/plugin/$host/featurescope"
    places=$(installed "$(gimp_profile "$host" "$version")/plug-ins" "$(host_plug_ins "$host")")
    echo "  installed:${places:- no; ./run install does it}"
    answer=$(FEATURESCOPE_GIMP=$program classify "$host" "$folder/$host-$version")
    case $answer in
        'stop sign '*)
            works=yes
            echo "  works:     yes; it calls a drawn stop sign \"${answer% (*}\" (${answer##* (}"
            ;;
        *)
            echo "  works:     NO; it calls a drawn stop sign \"$answer\". The last of what GIMP said:"
            tail -n 8 "$folder/$host-$version.log" | sed 's/^/    /'
            ;;
    esac
done < <(gimps)
while read -r host version kind profile; do
    case $kind in
        flatpak | snap)
            echo "GIMP $version ($kind): $profile"
            places=$(installed "$profile/plug-ins")
            echo "  installed:${places:- no; the script install of an archive does it, which ./run package makes}"
            echo "  works:     not tried, as it is closed off from this folder"
            ;;
    esac
done < <(gimp_profiles)
echo "built-in model: $root/models/default.onnx ($(($(stat -c %s "$root/models/default.onnx") / 1024)) KB)"
[ -n "$found" ] || echo "check: no GIMP 2.10 or 3 is in PATH: install the package gimp, or set FEATURESCOPE_GIMP to its program" >&2
[ -n "$works" ] || {
    echo "check: the plug-in works in no GIMP that could be tried here; what to do is said above" >&2
    exit 1
}
