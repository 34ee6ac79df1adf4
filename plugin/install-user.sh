#!/bin/sh
# install-user.sh BUILD HOST PROFILE: puts the plug-in of a build folder into a GIMP profile.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# BUILD    build folder with the plug-in for HOST
# HOST     gimp2 or gimp3
# PROFILE  the user's folder, such as ~/.config/GIMP/3.2; package/place.sh says what lies there afterwards
set -eu

[ $# = 3 ] || {
    sed -n '2s/^# //p' "$0" >&2
    exit 2
}
package=$(dirname "$0")/package
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sh "$package/stage.sh" "$1" "$2" "$folder"
sh "$package/place.sh" "$folder" "$3"
