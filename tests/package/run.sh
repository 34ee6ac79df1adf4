#!/bin/bash
# run.sh: makes the archives and packages, and looks at them from outside and inside each system that is here. Prints TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Systems are this machine and the folders of tests/gimp/gimp3-chroot.sh, each in a copy that is thrown away (overlay.sh).
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/../.." || exit 2
root=$PWD
chroots=${FEATURESCOPE_CHROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/featurescope}
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
folder=$(mktemp -d) || exit 2
# What lies in the tree is seen inside the systems too.
mkdir -p build-package
shown=$(mktemp -d "$root/build-package/test.XXXXXX") || exit 2
trap 'rm -rf "$folder" "$shown"' EXIT
number=0 bad=0

ok() {
    number=$((number + 1))
    echo "ok $number - $1"
}
# not_ok NAME [LOG]
not_ok() {
    number=$((number + 1)) bad=1
    echo "not ok $number - $1"
    [ $# -lt 2 ] || tail -n 20 "$2" | sed 's/^/# /'
}
skip() { ok "$1 # SKIP $2"; }
# check NAME CONDITION...
check() {
    local name=$1
    shift
    if "$@" > "$folder/log" 2>&1; then ok "$name"; else not_ok "$name" "$folder/log"; fi
}
# check_with TOOL NAME CONDITION...
check_with() {
    if command -v "$1" > /dev/null; then check "${@:2}"; else skip "$2" "$1 is not here"; fi
}

programs() { find "$1" -type f -perm /111 -exec sh -c 'head -c 4 "$1" | grep -q ELF' sh {} \; -print; }

# GIMP's own libraries, and what it, GEGL and GTK bring along.
needs_only_gimp() { # PROGRAM
    local allowed='gimp[a-z]*-[23]\.0|gtk-3|gdk-3|gtk-x11-2\.0|gdk-x11-2\.0|gdk_pixbuf-2\.0|gegl-0\.4|babl-0\.1'
    allowed="$allowed|glib-2\.0|gobject-2\.0|gio-2\.0|gmodule-2\.0|json-glib-1\.0|lcms2|pango-1\.0|pangocairo-1\.0|cairo"
    readelf -d "$1" > "$folder/dynamic" && grep -q 'NEEDED.*\[libc\.so' "$folder/dynamic" || return
    ! sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' "$folder/dynamic" | grep -vE "^(lib($allowed|m|c|z)|ld-linux-x86-64)\.so\.[0-9]+$" &&
        ! grep -E 'RPATH|RUNPATH' "$folder/dynamic"
}
shows_nothing() { # PROGRAM
    nm -D --defined-only "$1" > "$folder/symbols" && ! grep -iE 'blas|protobuf|gemm' "$folder/symbols"
}
small() { # FOLDER
    du -sm "$1/featurescope"
    [ "$(du -sm "$1/featurescope" | cut -f1)" -lt 50 ]
}
names_licences() {
    cat "$1/README" && grep -q '^libopenblas' "$1/README" && grep -q '^libprotobuf-c' "$1/README" &&
        grep -qi 'redistribution' "$1"/libopenblas* "$1"/libprotobuf-c*
}

look_at_archive() { # FILE
    local tree program
    tar -C "$folder" -xf "$1" || not_ok "unpacking $1"
    tree=$folder/$(basename "$1" .tar.xz)
    local host=${tree##*-}
    while IFS= read -r program; do
        check "$host: ${program##*/} needs only what GIMP brings" needs_only_gimp "$program"
        check "$host: ${program##*/} shows nothing of what it has linked in" shows_nothing "$program"
    done < <(programs "$tree")
    check "$host: the version" grep -qx "$version" "$tree/featurescope/version"
    check "$host: less than 50 MB" small "$tree"
    check "$host: licences of what is linked in" names_licences "$tree/featurescope/licences"
    check "$host: the documents" test -s "$tree/docs/guide.md"
}

has_no_errors() {
    lintian --allow-root "$1"
    ! lintian --allow-root "$1" 2> /dev/null | grep '^E:'
}

# inside SYSTEM FILE: the lines of inside.sh, numbered
inside() {
    local line lines=0
    while IFS= read -r line; do
        case $line in
            'ok - '*) ok "${line#ok - }" && lines=$((lines + 1)) ;;
            'not ok - '*) not_ok "${line#not ok - }" && lines=$((lines + 1)) ;;
            *) echo "# $line" ;;
        esac
    done < <(bash tests/package/overlay.sh "$1" "$root" bash tests/package/inside.sh "$2" "$shown/sign.png" 2>&1)
    [ "$lines" -gt 4 ] || not_ok "running $2 in $1"
}

check_with shellcheck "shellcheck has nothing to say" \
    shellcheck -x -S warning run plugin/gimps.sh plugin/install-user.sh plugin/package/*.sh plugin/package/install \
    plugin/package/uninstall core/static/*.sh tests/package/*.sh
if ! ./run package "$shown" > "$folder/made" 2>&1; then
    not_ok "./run package" "$folder/made"
    echo "1..$number"
    exit 1
fi
ok "./run package"
check_with appstreamcli "appstreamcli has no objection" \
    appstreamcli validate --no-net build-*-gimp[23]/plugin/org.gimp.GIMP.Plugin.Featurescope.metainfo.xml
for file in "$shown"/*.tar.xz; do
    look_at_archive "$file"
done
for file in "$shown"/*.deb; do
    check_with lintian "${file##*/}: lintian finds no error" has_no_errors "$file"
done

if [ "$(id -u)" != 0 ]; then
    skip "running them" "needs root"
elif ! [ -x build/tests/draw_demo ] || ! build/tests/draw_demo "$shown/sign.png"; then
    skip "running them" "build/tests/draw_demo is not here: ./run build makes it"
else
    for system in / "$chroots/gimp3" "$chroots/gimp32"; do
        [ "$system" = / ] || [ -e "$system/.gimp3-chroot-ready" ] || {
            skip "running in $system" "not made: tests/gimp/gimp3-chroot.sh makes it"
            continue
        }
        for file in "$shown"/*; do
            # A GIMP 2.10 is asked only for its own files, and a GIMP 3 for its own.
            case $file in
                *-gimp2.tar.xz | *~deb12_*.deb) wanted=2.10 ;;
                *-gimp3.tar.xz | *.deb) wanted=3 ;;
                *) continue ;;
            esac
            [ -z "$(find "${system%/}/usr/bin" -name "gimp-console-$wanted*")" ] || inside "$system" "$file"
        done
    done
fi
echo "1..$number"
exit $bad
