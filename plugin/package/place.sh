#!/bin/sh
# place.sh FOLDER PROFILE: puts the plug-in of FOLDER, as stage.sh makes it, into a GIMP profile.
# place.sh --remove PROFILE: takes it out again; tells what it removed, and nothing if it was not there.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PROFILE  the user's folder, such as ~/.config/GIMP/3.2; made if it is missing
#
#     PROFILE/plug-ins/featurescope/   the plug-in, its programs, models, icons, translations
#     PROFILE/scripts/                 featurescope-folder.scm
#     GEGL/featurescope.so             the module, where GEGL looks for those of the user; only for a profile that is where
#     GEGL/featurescope                GIMP has them: a link to the plug-in, for its models and translations
#
# The new folder is complete before it takes the place of an older installation, so that a
# full disk leaves that as it was. Both hosts ask a plug-in again when the program's time
# has changed; copying sets it to now.
set -eu

[ $# = 2 ] || {
    sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
profile=$2
plugin=$profile/plug-ins/featurescope

# The folder of GEGL that a GIMP with this profile reads, if it is known.
case $profile in
    "$HOME"/.var/app/org.gimp.GIMP/config/GIMP/*) gegl=$HOME/.var/app/org.gimp.GIMP/data ;;
    "$HOME"/snap/gimp/*/.config/GIMP/*) gegl=${profile%/.config/GIMP/*}/.local/share ;;
    "${XDG_CONFIG_HOME:-$HOME/.config}"/GIMP/*) gegl=${XDG_DATA_HOME:-$HOME/.local/share} ;;
    *) gegl= ;;
esac
gegl=${gegl:+$gegl/gegl-0.4/plug-ins}

# GIMPs of one kind share the module. If it has lost its plug-in it takes that of another one, or goes.
remove_module() {
    [ -n "$gegl" ] && [ -L "$gegl/featurescope" ] && [ ! -e "$gegl/featurescope/version" ] || return 0
    for other in "${profile%/*}"/*/plug-ins/featurescope; do
        [ -e "$other/version" ] || continue
        ln -sfn "$other" "$gegl/featurescope"
        return
    done
    rm -f "$gegl/featurescope" "$gegl/featurescope.so"
    echo "removed $gegl/featurescope.so"
    rmdir "$gegl" "${gegl%/*}" 2> /dev/null || :
}

if [ "$1" = --remove ]; then
    for path in "$plugin" "$profile"/scripts/featurescope-*.scm; do
        [ -e "$path" ] || continue
        rm -rf "$path"
        echo "removed $path"
    done
    remove_module
    exit
fi

folder=$1
new=$profile/plug-ins/.featurescope-new
mkdir -p "$profile/plug-ins" "$profile/scripts"
rm -rf "$new"
trap 'rm -rf "$new"' EXIT
cp -R "$folder/featurescope" "$new"

rm -rf "$plugin"
rm -f "$profile"/scripts/featurescope-*.scm
mv "$new" "$plugin"
cp "$folder"/scripts/featurescope-*.scm "$profile/scripts/"

# A running GIMP has the old module open: it keeps that file, and the new one takes its name.
if [ -n "$gegl" ] && [ -e "$folder/gegl/featurescope.so" ]; then
    mkdir -p "$gegl"
    cp "$folder/gegl/featurescope.so" "$gegl/.featurescope-new"
    mv "$gegl/.featurescope-new" "$gegl/featurescope.so"
    ln -sfn "$plugin" "$gegl/featurescope"
fi
