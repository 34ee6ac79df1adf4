#!/bin/sh
# place.sh FOLDER PROFILE: puts the plug-in of FOLDER, as stage.sh makes it, into a GIMP profile.
# place.sh --remove PROFILE: takes it out again; tells what it removed, and nothing if it was not there.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PROFILE  the user's folder, such as ~/.config/GIMP/3.2; made if it is missing
#
#     PROFILE/plug-ins/featurescope/   the plug-in, its programs, models, icons, translations
#     PROFILE/scripts/                 featurescope-folder.scm
#
# The new folder is complete before it takes the place of an older installation, so that a
# full disk leaves that as it was. Both hosts ask a plug-in again when the program's time
# has changed; copying sets it to now.
set -eu

[ $# = 2 ] || {
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
profile=$2
if [ "$1" = --remove ]; then
    for path in "$profile/plug-ins/featurescope" "$profile"/scripts/featurescope-*.scm; do
        [ -e "$path" ] || continue
        rm -rf "$path"
        echo "removed $path"
    done
    exit
fi

folder=$1
new=$profile/plug-ins/.featurescope-new
mkdir -p "$profile/plug-ins" "$profile/scripts"
rm -rf "$new"
trap 'rm -rf "$new"' EXIT
cp -R "$folder/featurescope" "$new"

rm -rf "$profile/plug-ins/featurescope"
rm -f "$profile"/scripts/featurescope-*.scm
mv "$new" "$profile/plug-ins/featurescope"
cp "$folder"/scripts/featurescope-*.scm "$profile/scripts/"
