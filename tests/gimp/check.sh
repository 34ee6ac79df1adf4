#!/bin/bash
# tests/gimp/check.sh: what is here and whether it works; ./run check calls it. SPDX-License-Identifier: GPL-3.0-or-later
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/../.." || exit 2
build=${FEATURESCOPE_BUILD:-$PWD/build}
. tests/gimp/host.sh

config=${XDG_CONFIG_HOME:-$HOME/.config}/GIMP
status=1
for host in gimp3 gimp2; do
    binary=$build/plugin/$host/featurescope
    case $host in
        gimp3) profile=${GIMP3_DIRECTORY:-$config/3.0} ;;
        gimp2) profile=${GIMP2_DIRECTORY:-$config/2.10} ;;
    esac
    version=$(host_version "$host")
    [ -n "$version" ] || { echo "$host: not here"; continue; }
    echo "$host: $version"
    if [ -x "$binary" ]; then
        echo "  built:     $binary"
    else
        echo "  built:     no (its development files are not here)"
    fi
    for folder in "$profile/plug-ins" "$(host_plug_ins "$host")"; do
        [ ! -x "$folder/featurescope/featurescope" ] || echo "  installed: $folder/featurescope"
    done
    [ -x "$profile/plug-ins/featurescope/featurescope" ] ||
        [ -x "$(host_plug_ins "$host")/featurescope/featurescope" ] || echo "  installed: no; ./run install does it"
done
model=$PWD/models/default.onnx
echo "built-in model: $model ($(($(stat -c %s "$model") / 1024)) KB)"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$build/tests/draw_demo" "$folder/stop-sign.png" && answer=$("$build/tests/classify" "$model" "$folder/stop-sign.png") && {
    echo "a drawn stop sign is called: $(echo "$answer" | cut -f2) ($(echo "$answer" | cut -f3))"
    [ "$(echo "$answer" | cut -f2)" != "stop sign" ] || status=0
}
exit $status
