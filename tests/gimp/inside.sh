#!/bin/bash
# inside.sh ROOT: builds the plug-in for GIMP 3, plain and with sanitizers, and runs its tests; in the folder that
# tests/gimp/gimp3-chroot.sh makes. SPDX-License-Identifier: GPL-3.0-or-later
set -uo pipefail
root=$1
cd "$root" || exit 2

make() { # FOLDER [OPTION...]
    local folder=$1
    shift
    [ -e "$folder/build.ninja" ] || meson setup "$folder" -Dgimp2=disabled -Dgimp3=enabled "$@" > "$folder.log" 2>&1 ||
        { tail -n 20 "$folder.log"; return 1; }
    ninja -C "$folder" > "$folder.log" 2>&1 || { tail -n 40 "$folder.log"; return 1; }
}

make build-gimp3 || { echo "not ok 1 - building for GIMP 3"; exit 1; }
sh tests/gimp/run.sh gimp3 "$root/build-gimp3"
bad=$?
bash tests/gimp/docs-commands.sh gimp3 "$root/build-gimp3"
bad=$((bad | $?))
xvfb-run -a -s "-screen 0 1280x720x24" sh tests/gimp/windows.sh gimp3 "$root/build-gimp3"
bad=$((bad | $?))
make build-gimp3-asan -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fno-sanitize-recover=undefined ||
    { echo "not ok 1 - building for GIMP 3 with sanitizers"; exit 1; }
sh tests/gimp/run.sh gimp3 "$root/build-gimp3-asan"
exit $((bad | $?))
