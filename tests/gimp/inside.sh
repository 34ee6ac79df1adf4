#!/bin/bash
# inside.sh ROOT NAME [OTHER]: builds the plug-in for the GIMP 3 that is here, plain and with sanitizers, and runs its
# tests; in a folder that tests/gimp/gimp3-chroot.sh makes. SPDX-License-Identifier: GPL-3.0-or-later
#
# NAME    of the build folders below ROOT: build-NAME, build-NAME-asan
# OTHER   a build folder of an older GIMP 3, whose plug-in has to work here as it is, and OTHER-asan, too, if it is there
set -uo pipefail
root=$1 name=$2 other=${3:-}
cd "$root" || exit 2

make() { # FOLDER [OPTION...]
    local folder=$1
    shift
    [ -e "$folder/build.ninja" ] || meson setup "$folder" -Dgimp2=disabled -Dgimp3=enabled "$@" > "$folder.log" 2>&1 ||
        { tail -n 20 "$folder.log"; return 1; }
    ninja -C "$folder" > "$folder.log" 2>&1 || { tail -n 40 "$folder.log"; return 1; }
}

make "build-$name" || { echo "not ok 1 - building for $name"; exit 1; }
sh tests/gimp/run.sh gimp3 "$root/build-$name"
bad=$?
bash tests/gimp/docs-commands.sh gimp3 "$root/build-$name"
bad=$((bad | $?))
bash tests/gimp/faults.sh gimp3 "$root/build-$name"
bad=$((bad | $?))
# From a number of its own: what looks for a free one does not see those of other folders.
xvfb-run -a -n $((${#other} > 0 ? 300 : 200)) -s "-screen 0 1280x720x24" sh tests/gimp/windows.sh gimp3 "$root/build-$name"
bad=$((bad | $?))
scale=$((${#other} > 0 ? 2 : 1)) # one in each GIMP, for time
echo "# Wayland, scale $scale:"
sh tests/gimp/wayland.sh "$root/build-$name" $scale
bad=$((bad | $?))
if [ -n "$other" ]; then
    echo "# the plug-in of $other:"
    sh tests/gimp/run.sh gimp3 "$root/$other" test-procedures test-layers test-values
    bad=$((bad | $?))
fi
# The sanitizers' libraries are linked in, so that a later GIMP's folder runs what this one built.
asan=build-$name-asan
[ -z "$other" ] || [ ! -x "$other-asan/plugin/gimp3/featurescope" ] || asan=$other-asan
[ "$asan" = "$other-asan" ] ||
    make "$asan" -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fno-sanitize-recover=undefined \
        "-Dc_link_args=-static-libasan -static-libubsan" ||
    { echo "not ok 1 - building for $name with sanitizers"; exit 1; }
echo "# $asan:"
sh tests/gimp/run.sh gimp3 "$root/$asan"
exit $((bad | $?))
