#!/bin/bash
# inside.sh build|scripts|windows ROOT NAME [OTHER]: builds the plug-in for the GIMP 3 that is here, plain and with
# sanitizers, or runs its tests without or with windows; in a folder that tests/gimp/gimp3-chroot.sh makes.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# NAME    of the build folders below ROOT: build-NAME, build-NAME-asan
# OTHER   a build folder of an older GIMP 3, if it was built: its plug-in has to work here as it is, and OTHER-asan
#         stands for build-NAME-asan
set -uo pipefail
verb=$1 root=$2 name=$3 other=${4:-}
cd "$root" || exit 2
[ -z "$other" ] || [ -x "$other/plugin/gimp3/featurescope" ] || other=

make() { # FOLDER [OPTION...]
    local folder=$1
    shift
    [ -e "$folder/build.ninja" ] || meson setup "$folder" -Dgimp2=disabled -Dgimp3=enabled "$@" > "$folder.log" 2>&1 ||
        { tail -n 20 "$folder.log"; return 1; }
    # All but the programs of unit tests, which run outside: two thirds of what there is to link.
    # shellcheck disable=SC2046
    ninja -C "$folder" $(ninja -C "$folder" -t query all | sed -n '/outputs:/q; s/^    \([^| ]*\)$/\1/p' |
        grep -v '/test-\|^meson-') > "$folder.log" 2>&1 || { tail -n 40 "$folder.log"; return 1; }
}

# The sanitizers' libraries are linked in, so that a later GIMP's folder runs what this one built.
build() {
    make "build-$name" || return
    [ -n "$other" ] || make "build-$name-asan" -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args=-fno-sanitize-recover=undefined "-Dc_link_args=-static-libasan -static-libubsan"
}

scripts() {
    local bad
    sh tests/gimp/run.sh gimp3 "$root/build-$name"
    bad=$?
    bash tests/gimp/docs-commands.sh gimp3 "$root/build-$name"
    bad=$((bad | $?))
    bash tests/gimp/faults.sh gimp3 "$root/build-$name"
    bad=$((bad | $?))
    if [ -n "$other" ]; then
        echo "# the plug-in of $other:"
        sh tests/gimp/run.sh gimp3 "$root/$other" test-procedures test-layers test-values
        bad=$((bad | $?))
        echo "# $other-asan:" # the same program as in the older GIMP, so a few scripts
        sh tests/gimp/run.sh gimp3 "$root/$other-asan" test-layers test-files test-values test-errors
    else
        echo "# build-$name-asan:"
        sh tests/gimp/run.sh gimp3 "$root/build-$name-asan"
    fi
    return $((bad | $?))
}

# A display from a number of its own: what looks for a free one does not see those of other folders.
windows() {
    local bad display=200 scale=1 # one scale in each GIMP, for time
    [ "$name" = gimp3 ] || display=300 scale=2
    xvfb-run -a -n $display -s "-screen 0 1280x720x24" sh tests/gimp/windows.sh gimp3 "$root/build-$name"
    bad=$?
    echo "# Wayland, scale $scale:"
    sh tests/gimp/wayland.sh "$root/build-$name" $scale
    return $((bad | $?))
}

"$verb"
