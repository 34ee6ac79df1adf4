#!/bin/sh
# shipped.sh BUILD HOST: what a user gets: the installation into a profile, the folder script. Prints TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# BUILD   build folder with the plug-in for HOST
# HOST    gimp2 or gimp3
cd "$(dirname "$0")/../.." || exit 2
build=$1 host=$2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
profile="$folder/a profile"
number=0 bad=0

# check NAME CONDITION...
check() {
    name=$1
    shift
    number=$((number + 1))
    if "$@" > "$folder/log" 2>&1; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' "$folder/log"
        bad=1
    fi
}

# GIMP 2.10's dialect has the defaults of all arguments: ("plug-in-..." opens a procedure, ("name" . value) is one.
same_defaults() {
    sed -n '/^(define featurescope-defaults/,/^$/p' plugin/gimp2/featurescope-folder.scm |
        awk -F'"' '/"plug-in-/ { procedure = $2 }
                   / \. / { value = $0; sub(/^[^.]* \. /, "", value); sub(/\)+$/, "", value); gsub(/"/, "", value)
                            print procedure, $2, value }' > "$folder/script"
    cut -d' ' -f1 "$folder/script" | sort -u > "$folder/names"
    "$build/tests/plugin/table" defaults | awk 'NR == FNR { names[$1]; next } $1 in names' "$folder/names" - \
        > "$folder/tables"
    [ -s "$folder/tables" ] && diff "$folder/tables" "$folder/script"
}

install() { sh plugin/install-user.sh "$build" "$1" "$profile"; }
refuses() { ! "$@"; }

# Every file that the sources have for a user lies in the profile, and nothing else.
complete() {
    (cd "$profile" && find . -type f | sort) > "$folder/found"
    {
        echo ./plug-ins/featurescope/featurescope
        echo ./plug-ins/featurescope/featurescope-train
        for file in models/*.onnx models/*.ini models/*.txt models/*.md models/recipes/*.ini icons/*.svg; do
            echo "./plug-ins/featurescope/$file"
        done
        for language in $(cat translations/LINGUAS); do
            echo "./plug-ins/featurescope/locale/$language/LC_MESSAGES/featurescope.mo"
        done
        echo ./scripts/featurescope-folder.scm
    } | sort > "$folder/wanted"
    diff "$folder/wanted" "$folder/found"
}

check "the folder script's defaults are the tables'" same_defaults
check "a new profile" install "$host"
check "has all files" complete
mkdir -p "$profile/plug-ins/featurescope/models"
: > "$profile/plug-ins/featurescope/models/old.onnx"
check "an older installation" install "$host"
check "leaves nothing behind" complete
check "an unknown host is refused" refuses install gimp4
check "and harms nothing" complete
build=$folder
check "a build without the plug-in is refused" refuses install "$host"
check "and harms nothing" complete
echo "1..$number"
exit $bad
