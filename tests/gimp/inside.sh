#!/bin/bash
# inside.sh VERB ROOT FOLDER: builds the plug-in for the GIMP 3 that is here, or runs its tests; in a folder that
# tests/gimp/gimp3-chroot.sh makes. SPDX-License-Identifier: GPL-3.0-or-later
#
# FOLDER  to build in, below ROOT. A later GIMP 3 runs what an older one's folder built, as users do; what is to be
#         installed lies in FOLDER/stage, as a later meson does not know the folder.
# VERB    build: all but the programs of unit tests, which run outside: two thirds of what there is to link
#         sanitize: the same with sanitizers, whose libraries are linked in
#         compile: only what has to do with GIMP itself
#         scripts, windows, wayland: with what 'build' made; "scripts --others" leaves out those for sanitizers
#         sanitizers [TEST...]: scripts with what 'sanitize' made
set -uo pipefail
verb=$1 root=$2 folder=$3
shift 3
cd "$root" || exit 2

# make TARGETS [OPTION...]: those that a command names in the folder
make() {
    local targets=$1
    shift
    [ -e "$folder/build.ninja" ] || meson setup "$folder" -Dgimp2=disabled -Dgimp3=enabled "$@" > "$folder.log" 2>&1 ||
        { tail -n 20 "$folder.log"; return 1; }
    # shellcheck disable=SC2046
    ninja -C "$folder" $($targets) > "$folder.log" 2>&1 || { tail -n 40 "$folder.log"; return 1; }
    ! grep 'warning:' "$folder.log"
}
programs() {
    ninja -C "$folder" -t query all | sed -n '/outputs:/q; s/^    \([^| ]*\)$/\1/p' | grep -vE '/test-|bench|^meson-'
}
of_gimp() { ninja -C "$folder" -t targets all | sed -n 's/^\(plugin\/gimp3\/.*\.c\.o\): .*/\1/p'; }

case $verb in
    build)
        make programs && rm -rf "$folder/stage" && sh plugin/package/stage.sh "$folder" gimp3 "$folder/stage"
        ;;
    sanitize)
        export CCACHE_DISABLE=1
        make programs -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fno-sanitize-recover=undefined \
            "-Dc_link_args=-static-libasan -static-libubsan"
        ;;
    compile) make of_gimp -Dtests=disabled ;;
    scripts)
        sh tests/gimp/run.sh gimp3 "$root/$folder" "$@"
        bad=$?
        bash tests/gimp/docs-commands.sh gimp3 "$root/$folder"
        bad=$((bad | $?))
        bash tests/gimp/faults.sh gimp3 "$root/$folder"
        exit $((bad | $?))
        ;;
    sanitizers) sh tests/gimp/run.sh gimp3 "$root/$folder" "$@" ;;
    windows) sh tests/gimp/displays.sh gimp3 "$root/$folder" "$@" ;;
    wayland) sh tests/gimp/wayland.sh "$root/$folder" "$@" ;;
esac
