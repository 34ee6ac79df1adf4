#!/bin/sh
# install-user.sh BUILD HOST PROFILE: puts the plug-in of a build folder into a GIMP profile.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# BUILD    build folder with the plug-in for HOST
# HOST     gimp2 or gimp3
# PROFILE  the user's folder, such as ~/.config/GIMP/3.2; made if it is missing
#
#     PROFILE/plug-ins/featurescope/   featurescope, featurescope-decode, featurescope-train, models/,
#                                    icons/, locale/
#     PROFILE/scripts/                 featurescope-folder.scm
#
# The new folder is complete before it takes the place of an older installation, so that a
# full disk leaves that as it was. Both hosts ask a plug-in again when the program's time
# has changed; copying sets it to now.
set -eu

[ $# = 3 ] || {
    sed -n '4,13s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
build=$1 host=$2 profile=$3
root=$(cd "$(dirname "$0")/.." && pwd)
program=$build/plugin/$host/featurescope
script=$build/plugin/$host/featurescope-folder.scm

case $host in
    gimp2 | gimp3) ;;
    *)
        echo "install-user.sh: the host is gimp2 or gimp3, not $host" >&2
        exit 2
        ;;
esac
[ -x "$program" ] && [ -f "$script" ] || {
    echo "install-user.sh: $program is missing; was it built for $host?" >&2
    exit 1
}

new=$profile/plug-ins/.featurescope-new
mkdir -p "$profile/plug-ins" "$profile/scripts"
rm -rf "$new"
trap 'rm -rf "$new"' EXIT
mkdir "$new" "$new/models" "$new/models/recipes" "$new/icons"
cp "$program" "$new/featurescope"
cp "$build/plugin/decode/featurescope-decode" "$build/models/train/featurescope-train" "$new/"
cp "$root"/models/*.onnx "$root"/models/*.ini "$root"/models/*.txt "$root"/models/*.md "$new/models/"
cp "$root"/models/recipes/*.ini "$new/models/recipes/"
cp "$root"/icons/*.svg "$new/icons/"
[ ! -d "$build/translations/locale" ] || cp -R "$build/translations/locale" "$new/locale"

rm -rf "$profile/plug-ins/featurescope"
rm -f "$profile/scripts/featurescope-folder.scm"
mv "$new" "$profile/plug-ins/featurescope"
cp "$script" "$profile/scripts/"
