#!/bin/bash
# package.sh HOST OUT: the files to hand out, for the GIMP of this system. SPDX-License-Identifier: GPL-3.0-or-later
#
# HOST  gimp2 or gimp3; its development files are needed
# OUT   gets featurescope-VERSION-linux-ARCH-HOST.tar.xz, a folder that needs nothing but GIMP, and
#       featurescope_VERSION~debN_ARCH.deb, whose libraries are Debian's
#
# Both come of what meson install installs. Built in ROOT/build-CODENAME-HOST: as deep as
# ROOT/build, so that ccache, where it is, has most of it already.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
root=$(realpath "$here/../..")
[ $# = 2 ] || {
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
host=$1 out=$(realpath -m "$2")
# shellcheck disable=SC1091
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-$ID}-$host")
build=$root/build-$release
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" "$root/meson.build")
other=gimp2
[ "$host" = gimp3 ] || other=gimp3
name=featurescope-$version-linux-$(uname -m)-$host
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# build SELF_CONTAINED
build() {
    local options=(--prefix=/usr -Dtests=disabled "-D$host=enabled" "-D$other=disabled" "-Dself_contained=$1")
    {
        if [ -e "$build/build.ninja" ]; then
            meson configure "$build" "${options[@]}"
        else
            meson setup "$build" "$root" "${options[@]}"
        fi
        ninja -j "${FEATURESCOPE_JOBS:-$(nproc)}" -C "$build"
    } > "$build.log" 2>&1 || {
        tail -n 20 "$build.log" >&2
        exit 1
    }
}

# programs FOLDER: the executables below it
programs() { find "$1" -type f -perm /111 -exec sh -c 'head -c 4 "$1" | grep -q ELF' sh {} \; -print; }

strip_programs() { programs "$1" | while IFS= read -r program; do strip "$program"; done; }

# Debian's words on what comes of archives: licences FOLDER
licences() {
    local archive package
    mkdir "$1"
    {
        echo "These are linked into Featurescope:"
        {
            cat "$build/core/static/origin"
            ninja -C "$build" -t commands | grep -oE '/usr/lib[^ ]*/lib[a-z-]+\.a\b'
        } | sort -u | while read -r archive; do
            package=$(dpkg-query -S "$(realpath "$archive")")
            package=${package%%:*}
            cp "/usr/share/doc/$package/copyright" "$1/$package"
            # shellcheck disable=SC2016
            dpkg-query -W -f '${Package} ${Version}\n' "$package"
        done
    } > "$1/README"
    [ "$(wc -l < "$1/README")" -gt 1 ] || {
        echo "package.sh: no archive is linked in?" >&2
        exit 1
    }
}

archive() {
    local folder=$work/$name glibc gimp=${host/gimp2/GIMP 2.10}
    build true
    sh "$here/stage.sh" "$build" "$host" "$folder"
    strip_programs "$folder"
    licences "$folder/featurescope/licences"
    glibc=$(programs "$folder" | xargs -d '\n' objdump -T | grep -oE 'GLIBC_[0-9.]+' | sort -Vu | tail -n 1)
    mkdir "$folder/lib"
    echo "$host" > "$folder/lib/host"
    cp "$root/plugin/gimps.sh" "$here/place.sh" "$folder/lib/"
    cp "$here/install" "$here/uninstall" "$root/LICENSE" "$folder/"
    sed "s/@VERSION@/$version/; s/@GIMP@/${gimp/gimp3/GIMP 3}/; s/@GLIBC@/${glibc#*_}/" "$here/README.txt.in" \
        > "$folder/README.txt"
    tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -cJf "$out/$name.tar.xz" "$name"
    echo "$out/$name.tar.xz"
}

archive
build false
bash "$here/deb.sh" "$build" "$host" "$version" "$out"
