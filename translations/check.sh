#!/bin/sh
# check.sh: fails if a translation lacks a string of the sources, or POTFILES a file. Prints TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/.." || exit 2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
bad=0
echo "1..$((1 + $(wc -w < translations/LINGUAS)))"
find plugin models/train -name '*.[ch]' -exec grep -lE '\b(N?_|ngettext) ?\("' {} + | LC_ALL=C sort > "$folder/wanted"
LC_ALL=C sort translations/POTFILES > "$folder/listed"
if diff "$folder/wanted" "$folder/listed" > "$folder/diff"; then
    echo "ok 1 - POTFILES lists every file with strings"
else
    echo "not ok 1 - POTFILES lists every file with strings"
    sed 's/^/# /' "$folder/diff"
    bad=1
fi
xgettext --from-code=UTF-8 -k_ -kN_ -kngettext:1,2 -kg_dngettext:2,3 -kg_dpgettext2:2c,3 -o "$folder/all.pot" -f translations/POTFILES || exit 2
number=1
for language in $(cat translations/LINGUAS); do
    number=$((number + 1))
    msgmerge -q --no-fuzzy-matching -o "$folder/$language.po" "translations/$language.po" "$folder/all.pot"
    msgattrib --untranslated --no-obsolete "$folder/$language.po" > "$folder/missing"
    if [ -s "$folder/missing" ]; then
        echo "not ok $number - $language has every string"
        sed 's/^/# /' "$folder/missing"
        bad=1
    else
        echo "ok $number - $language has every string"
    fi
done
exit $bad
