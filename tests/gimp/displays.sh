#!/bin/sh
# displays.sh HOST BUILD FIRST [TEST...]: windows.sh in two displays at once, as people wait more than they do.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIRST  number of the first display; each script gets one of its own, from there on. (What looks for a free one
#        does not see those of the folders of gimp3-chroot.sh.)
# TEST   names of scripts window-*.scm; all of them if none is given
#
# Prints TAP.
# shellcheck disable=SC2046
here=$(cd "$(dirname "$0")" && pwd)
host=$1 build=$2 first=$3
shift 3
[ $# -gt 0 ] || set -- $(cd "$here" && ls window-*.scm | sed 's/\.scm$//')
work=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-displays.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
echo "1..$#"
number=$first
for name in "$@"; do
    echo "$number $name"
    number=$((number + 1))
done | xargs -P 2 -L 1 sh -c 'xvfb-run -a -n $4 -s "-screen 0 1280x720x24" bash "$0/windows.sh" "$1" "$2" "$5" > "$3/$5" 2>&1' \
    "$here" "$host" "$build" "$work"
bad=$?
cd "$work" && cat "$@" | awk '/^1\.\./ { next } /^(not )?ok / { sub(/ok 1/, "ok " ++n) } { print }'
exit $((bad > 0))
