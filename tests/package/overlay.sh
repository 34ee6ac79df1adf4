#!/bin/bash
# overlay.sh SYSTEM FOLDER CMD [ARG...]: runs CMD in a copy of a system that is thrown away afterwards.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# SYSTEM  a folder that tests/gimp/gimp3-chroot.sh made, or / for this machine
# FOLDER  of this machine, there under the same path
#
# What CMD writes outside FOLDER lies in memory, above the system; so packages may be installed and libraries deleted.
# Needs root and overlayfs; the status is CMD's.
set -euo pipefail
system=$1 folder=$2
shift 2
here=$(dirname "$(realpath "$0")")
top=$(mktemp -d)
trap 'rmdir "$top"' EXIT
unshare --mount --propagation private bash -euc '
    here=$1 top=$2 system=$3 folder=$4
    shift 4
    mount -t tmpfs tmpfs "$top"
    mkdir "$top/upper" "$top/work" "$top/system"
    mount -t overlay -o "lowerdir=$system,upperdir=$top/upper,workdir=$top/work" overlay "$top/system"
    touch "$top/system/.gimp3-chroot-ready" "$top/system/.featurescope-overlay"
    exec bash "$here/../gimp/gimp3-chroot.sh" run "$top/system" "$folder" "$@"
' overlay "$here" "$top" "$system" "$folder" "$@"
