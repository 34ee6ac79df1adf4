#!/bin/sh
# stage.sh BUILD HOST FOLDER [OPTION...]: what a user gets of a build folder. SPDX-License-Identifier: GPL-3.0-or-later
#
# BUILD    build folder with the plug-in for HOST
# HOST     gimp2 or gimp3
# FOLDER   made, or added to:
#              FOLDER/featurescope/   all that meson install puts beside the plug-in
#              FOLDER/scripts/        its scripts for script-fu
#              FOLDER/gegl/           the module for GEGL
#              FOLDER/docs/           the documents
# OPTION   for meson install: --strip
set -eu

[ $# -ge 3 ] || {
    sed -n '4,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
build=$1 host=$2 folder=$3
shift 3
case $host in
    gimp2) api=2.0 ;;
    gimp3) api=3.0 ;;
    *)
        echo "stage.sh: the host is gimp2 or gimp3, not $host" >&2
        exit 2
        ;;
esac
[ -x "$build/plugin/$host/featurescope" ] || {
    echo "stage.sh: $build/plugin/$host/featurescope is missing; was it built for $host?" >&2
    exit 1
}

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
meson install -C "$build" --no-rebuild --quiet --destdir "$root" "$@" > "$root/log" 2>&1 || {
    tail -n 20 "$root/log" >&2
    exit 1
}
mkdir -p "$folder"
# find_folder END: the one installed folder whose path ends so
find_folder() { find "$root" -type d -path "*/$1" | grep .; }
cp -R "$(find_folder "gimp/$api/plug-ins/featurescope")" "$folder/featurescope"
cp -R "$(find_folder "gimp/$api/scripts")" "$folder/scripts"
cp -R "$(find_folder "doc/featurescope")" "$folder/docs"
mkdir -p "$folder/gegl"
cp "$(find_folder gegl-0.4)/featurescope.so" "$folder/gegl/"
