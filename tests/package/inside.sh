#!/bin/bash
# inside.sh FILE PICTURE: installs an archive or a Debian package, runs it in each GIMP that is here, removes it.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# FILE     made by ./run package
# PICTURE  of a stop sign
#
# Only in a system that overlay.sh made. For an archive, the libraries that it has linked in are deleted first. Prints
# TAP without numbers; run.sh counts.
set -uo pipefail
file=$1 picture=$2
cd "$(dirname "$(realpath "$0")")/../.." || exit 2
. plugin/gimps.sh
[ -e /.featurescope-overlay ] || { echo "inside.sh: not in a system of overlay.sh" >&2; exit 2; }
export HOME=/tmp/home
mkdir -p "$HOME" /tmp/photos
cp "$picture" /tmp/photos/sign.png
system=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

# check NAME CONDITION...
check() {
    local name=$1
    shift
    if "$@" > /tmp/log 2>&1; then
        echo "ok - $system: $name"
    else
        echo "not ok - $system: $name"
        tail -n 20 /tmp/log | sed 's/^/# /'
    fi
}

# The script for folders is installed, finds the plug-in, and that the model beside it: run_in PROGRAM ACTION
run_in() {
    local program=$1 action=$2
    local out=/tmp/results/$action
    local options=(-i -d -f --batch-interpreter=plug-in-script-fu-eval
        -b "(script-fu-featurescope-folder \"/tmp/photos\" \"$out\" \"$action\" \"\" \"\" 1 1)")
    case $program in
        *-2.10) options+=(-b '(gimp-quit 1)') ;;
        *) options+=(--quit) ;;
    esac
    rm -rf "$out"
    timeout -k 5 200 "$program" "${options[@]}" < /dev/null
    case $action in
        classify) cat "$out/labels.txt" && grep -q 'stop sign' "$out/labels.txt" ;;
        *) [ -s "$out/sign.png.xcf" ] && [ -s "$out/sign.png.png" ] ;;
    esac
}
runs() { # HOST
    local version program
    check "a GIMP for it is here" gimp_console "$1"
    while read -r _ version program; do
        check "GIMP $version classifies" run_in "$program" classify
        check "GIMP $version projects" run_in "$program" projection
    done < <(gimps | grep "^$1 ")
}

# What is deleted here is what must not be missed.
hide_libraries() {
    find /usr/lib /lib -name 'libopenblas*' -o -name 'libblas.so*' -o -name 'libcblas.so*' -o -name 'liblapack.so*' \
        -o -name 'libgfortran.so*' -o -name 'libquadmath.so*' -o -name 'libprotobuf-c.so*' | while IFS= read -r library; do
        rm -rf "$library"
    done
    ldconfig
    ! ldconfig -p | grep -E 'openblas|gfortran|quadmath|protobuf-c'
}
starts() { # PROGRAM
    ldd "$1"
    ! ldd "$1" 2>&1 | grep 'not found'
}
removed() { ! find "$HOME" -name '*featurescope*' -not -path '*/.cache/*' -not -path '*settings*' | grep .; }

boxes() { # HOST
    local boxed version=3.2 other=2.10
    [ "$1" = gimp3 ] || version=2.10 other=3.2
    for boxed in .var/app/org.gimp.GIMP/config/GIMP snap/gimp/current/.config/GIMP; do
        [ -x "$HOME/$boxed/$version/plug-ins/featurescope/featurescope" ] && [ ! -e "$HOME/$boxed/$other/plug-ins" ] || return
    done
}

# In the user's own folder and those of the boxes, each with the models.
has_module() {
    local gegl
    for gegl in .local/share .var/app/org.gimp.GIMP/data snap/gimp/current/.local/share; do
        [ -f "$HOME/$gegl/gegl-0.4/plug-ins/featurescope.so" ] &&
            [ -f "$HOME/$gegl/gegl-0.4/plug-ins/featurescope/models/default.onnx" ] || return
    done
}

archive() {
    local folder program boxed
    tar -C /tmp -xf "$file"
    folder=$(echo /tmp/featurescope-*)
    check "libraries are out of the way" hide_libraries
    for program in "$folder"/featurescope/featurescope* "$folder/gegl/featurescope.so"; do
        check "${program##*/} has all its libraries" starts "$program"
    done
    # The version is the folder's name; GIMP 3's archive is for 3.2 and GIMP 2.10's for 2.10.
    for boxed in .var/app/org.gimp.GIMP/config/GIMP snap/gimp/current/.config/GIMP; do
        mkdir -p "$HOME/$boxed/3.2" "$HOME/$boxed/2.10"
    done
    check "install" "$folder/install"
    check "has the Flatpak's and the Snap's profile, and not that of the other GIMP" boxes "$(cat "$folder/lib/host")"
    check "has the module among GEGL's" has_module
    runs "$(cat "$folder/lib/host")"
    check "uninstall" "$folder/uninstall"
    check "leaves nothing in the profile" removed
    check "a named profile" "$folder/install" "/tmp/a profile"
    check "has the plug-in" test -x "/tmp/a profile/plug-ins/featurescope/featurescope"
    check "a named profile is emptied" "$folder/uninstall" "/tmp/a profile"
    check "and has no plug-in" test ! -e "/tmp/a profile/plug-ins/featurescope"
}

purged() {
    dpkg-deb -c "$file" | sed -n 's|^-.* \./|/|p' | while IFS= read -r path; do
        [ ! -e "$path" ] || echo "$path"
    done | grep . && return 1
    ! dpkg -s featurescope
}
package() {
    local host=gimp3
    [ "$(dpkg-deb -c "$file" | grep -c /gimp/3.0/plug-ins/)" -gt 0 ] || host=gimp2
    check "dpkg --install" dpkg --install "$file"
    check "all dependencies are there" dpkg --audit
    runs "$host"
    check "dpkg --purge" dpkg --purge featurescope
    check "leaves nothing" purged
}

case $file in
    *.deb) package ;;
    *) archive ;;
esac
