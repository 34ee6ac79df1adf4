#!/bin/bash
# faults.sh HOST BUILD: what goes wrong around a GIMP: full disks, strange names, missing folders, processes that are
# killed. Prints TAP. SPDX-License-Identifier: GPL-3.0-or-later
#
# HOST   gimp2 or gimp3
# BUILD  build folder that has the plug-in for this host
# KEEP=1 keeps the folder with what was made and what GIMP said.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
host=$1
build=$(cd "$2" && pwd) || exit 2
. "$here/host.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-faults.XXXXXX") || exit 2
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
profile=$work/profile log=$work/log out=$work/out
host_profile "$host" "$build" "$profile" || exit 2
"$build/tests/gimp/table-hosttest" > "$profile/tables.scm" && "$build/tests/plugin/table" >> "$profile/tables.scm" || exit 2
export XDG_CACHE_HOME=$work/cache
mkdir "$out"
number=0 bad=0

# check NAME CONDITION...: shows what GIMP said if the condition does not hold
check() {
    local name=$1
    shift
    number=$((number + 1))
    if "$@"; then
        echo "ok $number - $host $name"
    else
        echo "not ok $number - $host $name"
        printf '# in: %s\n' "$*"
        sed 's/^/#   /' "$log"
        bad=1
    fi
}

batch() { host_batch "$host" "$profile" "$1" > "$log" 2>&1; }
said() { grep -qF -- "$1" "$log"; }
silent() { ! grep -qE -- "$1" "$log"; }
# the names in a folder, those that start with a dot too
holds() { [ "$(cd "$1" && find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort | tr '\n' ' ')" = "$2" ]; }

# folder FROM TO ACTION ARGUMENTS
folder() {
    batch "(script-fu-featurescope-folder $(host_string "$1") $(host_string "$2") \"$3\" \"\" $(host_string "$4") 1 1)"
}

# --- pictures with every kind of name, and what is none

pictures=$work/pictures
mkdir "$pictures" "$pictures/below"
"$build/tests/draw_demo" "$work/cat.png" || exit 2
batch "$(host_prelude "$host" "$profile")
    (define image (load-image \"$work/cat.png\"))
    (gimp-image-scale image 96 72)
    (save-image image (first-layer image) \"$work/cat.jpg\")"
strange=("ü 猫.jpg" 'quote"s.jpg' "quote's.jpg" '100%n.jpg' '-l.jpg' $'two\nlines.jpg' "$(printf 'x%.0s' {1..247}).jpg")
for name in "${strange[@]}"; do cp "$work/cat.jpg" "$pictures/$name"; done
ln -s ../cat.jpg "$pictures/linked.jpg"
ln -s nowhere "$pictures/dangling.jpg"
ln -s below "$pictures/linked-folder"
mkfifo "$pictures/fifo.jpg"
ln -s fifo.jpg "$pictures/linked-fifo.jpg"
head -c $(($(stat -c %s "$work/cat.jpg") * 2 / 3)) "$work/cat.jpg" > "$pictures/cut.jpg"
: > "$pictures/empty.jpg"
cp "$work/cat.jpg" "$pictures/"$'not-utf8-\xe9.jpg'
cp "$work/cat.jpg" "$pictures/below/"

folder "$pictures" "$out/labels" classify "count 1"
check "a folder is gone through" said "Featurescope: 8 done, 2 passed over"
check "a JPEG that was cut off is named" said 'cut.jpg" is damaged'
check "so is one without bytes" said "Passed over: empty.jpg"
check "names that Scheme cannot hold are counted" said "their names are not UTF-8: 1"
check "a line for each" test "$(wc -l < "$out/labels/labels.txt")" = 8
check "a link is followed" grep -q "^linked.jpg	" "$out/labels/labels.txt"
check "a name of two lines has one" grep -q "^two lines.jpg	" "$out/labels/labels.txt"
check "nothing else is left" holds "$out/labels" "labels.txt "

# --- a full disk: /dev/full, and a limit on the size of files, which need no root

# limited KILOBYTES COMMAND...
limited() (
    trap '' XFSZ
    ulimit -f "$1"
    shift
    "$@"
)
mkdir "$work/one"
cp "$work/cat.jpg" "$work/one/"
before=$(cat "$out/labels/labels.txt")
ln -s /dev/full "$out/labels/.featurescope-1-of-1.txt"
folder "$work/one" "$out/labels" classify "count 1"
check "labels on a full disk: not done" silent "[0-9] done"
check "the old labels stay" test "$before" = "$(cat "$out/labels/labels.txt")"
check "and nothing else" holds "$out/labels" "labels.txt "
folder "$work/one" "$out/pictures" projection "count 1"
check "a projection is saved" holds "$out/pictures" "cat.jpg.png cat.jpg.xcf "
sums=$(cd "$out/pictures" && cksum cat.jpg.png cat.jpg.xcf)
limited 40 folder "$work/one" "$out/pictures" projection "count 2"
check "pictures on a full disk: not done" silent "[1-9] done"
check "the old pictures stay" test "$sums" = "$(cd "$out/pictures" && cksum cat.jpg.png cat.jpg.xcf)"
check "and nothing else" holds "$out/pictures" "cat.jpg.png cat.jpg.xcf "

echo "1..$number"
exit $bad
