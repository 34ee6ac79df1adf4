#!/bin/sh
# shipped.sh BUILD HOST: what a user gets: the installation into a profile. Prints TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# BUILD   build folder with the plug-in for HOST
# HOST    gimp2 or gimp3
cd "$(dirname "$0")/../.." || exit 2
build=$1 host=$2 built=$1
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

install() { sh plugin/install-user.sh "$build" "$1" "$profile"; }
refuses() { ! "$@"; }

# Every file that the sources have for a user lies in the profile, and nothing else.
complete() {
    (cd "$profile" && find . -type f | sort) > "$folder/found"
    {
        echo ./plug-ins/featurescope/featurescope
        echo ./plug-ins/featurescope/featurescope-decode
        echo ./plug-ins/featurescope/featurescope-train
        echo ./plug-ins/featurescope/version
        for file in models/*.onnx models/*.ini models/*.txt models/*.md models/recipes/*.ini icons/*.svg; do
            echo "./plug-ins/featurescope/$file"
        done
        for language in $(cat translations/LINGUAS); do
            echo "./plug-ins/featurescope/locale/$language/LC_MESSAGES/featurescope.mo"
        done
        for page in "$built"/plugin/help/*.html; do
            echo "./plug-ins/featurescope/help/en/${page##*/}"
        done
        for file in docs/images/*.jpg docs/images/*.png; do
            echo "./plug-ins/featurescope/help/en/images/${file##*/}"
        done
        echo ./plug-ins/featurescope/help/en/gimp-help.xml
        echo ./scripts/featurescope-folder.scm
    } | sort > "$folder/wanted"
    diff "$folder/wanted" "$folder/found"
}

# Each action has a page; pages, parts of them and pictures that are named anywhere in the help are there.
help_opens() {
    help=$profile/plug-ins/featurescope/help/en
    sed -n 's/.*help-item id="\([^"]*\)".*/\1/p' "$help/gimp-help.xml" | sort > "$folder/known"
    awk '/^## plug-in-/ { print $2 }' docs/procedures.md | sort > "$folder/actions"
    [ -s "$folder/actions" ] && diff "$folder/actions" "$folder/known" || return
    {
        sed -n 's/.*ref="\([^"]*\)".*/gimp-help.xml \1/p' "$help/gimp-help.xml"
        for page in "$help"/*.html; do
            grep -oE '(href|src)="[^"]*"' "$page" | sed -E "s/^[a-z]*=\"([^\"]*)\"/${page##*/} \1/"
        done
    } | grep -v ' https\{0,1\}:' > "$folder/links"
    [ "$(wc -l < "$folder/links")" -gt 40 ] || return
    while read -r page link; do
        case $link in
            "#"*) link=$page$link ;;
        esac
        file=$help/${link%%#*} part=${link#"${link%%#*}"}
        [ -f "$file" ] && { [ -z "$part" ] || grep -q "id=\"${part#?}\"" "$file"; } || echo "$page: $link leads nowhere"
    done < "$folder/links" > "$folder/nowhere"
    cat "$folder/nowhere"
    [ ! -s "$folder/nowhere" ]
}

# Only where GIMP has its profiles is the module for GEGL put among the user's. One that two profiles share stays for the second.
module_comes_and_goes() {
    user=$folder/user
    gegl=$user/.local/share/gegl-0.4/plug-ins
    place() { env -u XDG_CONFIG_HOME -u XDG_DATA_HOME HOME="$user" sh "$@"; }
    for version in 3.0 3.2; do
        place plugin/install-user.sh "$build" "$host" "$user/.config/GIMP/$version" || return
    done
    [ -f "$gegl/featurescope.so" ] && [ -f "$gegl/featurescope/models/default.onnx" ] || return
    place plugin/package/place.sh --remove "$user/.config/GIMP/3.2" || return
    [ -f "$gegl/featurescope.so" ] && [ -f "$gegl/featurescope/models/default.onnx" ] || return
    place plugin/package/place.sh --remove "$user/.config/GIMP/3.0" || return
    ! find "$user" -name '*featurescope*' | grep .
}

check "a new profile" install "$host"
check "has all files" complete
check "help opens for each action" help_opens
check "the module for GEGL comes and goes with it" module_comes_and_goes
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
