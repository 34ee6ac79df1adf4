#!/bin/bash
# deb.sh BUILD HOST VERSION OUT: a Debian package of what meson install installs; package.sh calls it.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# DEBFULLNAME and DEBEMAIL name the maintainer, as for other tools of Debian.
set -euo pipefail
build=$1 host=$2 version=$3 out=$4
root=$(realpath "$(dirname "$0")/../..")
# shellcheck disable=SC1091
debian=$(. /etc/os-release && echo "${VERSION_ID:-}")
version=$version~deb${debian:-sid}
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-Featurescope maintainers} <${DEBEMAIL:-maintainers@featurescope.invalid}>"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
files=$work/files
umask 022
meson install -C "$build" --no-rebuild --quiet --destdir "$files" > "$work/log" 2>&1 || {
    tail -n 20 "$work/log" >&2
    exit 1
}
chmod -R u=rwX,go=rX "$files"
mapfile -t programs < <(find "$files" -type f -perm /111 -exec sh -c 'head -c 4 "$1" | grep -q ELF' sh {} \; -print)
strip --remove-section=.comment --remove-section=.note "${programs[@]}"

doc=$files/usr/share/doc/featurescope
{
    echo "Featurescope, GPL-3.0-or-later; models/default.md has the data and terms of the built-in model."
    echo "On Debian systems the text of the licence is in /usr/share/common-licenses/GPL-3."
    echo
    echo "Copyright (C) 2026 the Featurescope contributors"
} > "$doc/copyright"
printf 'featurescope (%s) unstable; urgency=medium\n\n  * Version %s.\n\n -- %s  %s\n' \
    "$version" "${version%~*}" "$maintainer" "$(LC_ALL=C date -R -r "$root/meson.build")" | gzip -9n > "$doc/changelog.gz"

# dpkg-shlibdeps wants a source package around it.
mkdir "$work/debian"
printf 'Source: featurescope\n\nPackage: featurescope\nArchitecture: any\n' > "$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O "${programs[@]}" 2> log | sed 's/^shlibs:Depends=//') || {
    cat "$work/log" >&2
    exit 1
}
oldest=2.10
[ "$host" = gimp2 ] || oldest=3.0
mkdir "$files/DEBIAN"
cat > "$files/DEBIAN/control" << EOF
Package: featurescope
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$files" | cut -f1)
Depends: gimp (>= $oldest), $depends
Suggests: heif-gdk-pixbuf, libavif-gdk-pixbuf, libjxl-gdk-pixbuf
Section: graphics
Priority: optional
Description: GIMP plug-in that shows what a convolutional network sees
 It takes one feature map of one layer of a network back to pixel space, or
 slides a gray square over a photo and maps what that does to the answer, and
 writes the result as new layers. It reads ONNX files; a small trained network
 is built in.
EOF
(cd "$files" && find usr -type f -print0 | sort -z | xargs -0 md5sum > DEBIAN/md5sums)
deb=$out/featurescope_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$files" "$deb" > /dev/null
echo "$deb"
