#!/bin/sh
# page.sh DOCUMENT.md PAGES CMARK [SECTION]: a document as a page of HTML, on standard output.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PAGES   names of all documents that become pages, separated by spaces: links to these become links to pages, others text
# CMARK   cmark-gfm, the converter; empty: the page shows the document as it was written
# SECTION of the document that the page is of, by its heading; all of it otherwise
set -eu
document=$1 pages=$2 cmark=$3 section=${4:-}
name=$(basename "$document" .md)
title=${section:-$(sed -n '1s/^# //p' "$document")}

# The section up to the next heading of its level or above.
text() {
    [ -n "$section" ] || { cat "$document"; return; }
    awk -v section="$section" '
        /^```/ { code = !code }
        /^#/ && !code {
            level = index($0, " ") - 1
            if (inside && level <= inside) exit
            if (substr($0, level + 2) == section) inside = level
        }
        inside' "$document"
}

cat << EOF
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>$title · Featurescope</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 sans-serif; max-width: 52em; margin: 1em auto; padding: 0 1em; }
img { max-width: 100%; }
pre { overflow-x: auto; padding: 0.6em; border: 1px solid #8888; }
table { border-collapse: collapse; }
td, th { border: 1px solid #8888; padding: 0.2em 0.6em; text-align: left; vertical-align: top; }
</style>
</head>
<body>
EOF
[ "$name$section" = guide ] || echo '<p><a href="guide.html">User&rsquo;s guide</a></p>'

# Headings get the names that links to them have: "Reading a projection" is #reading-a-projection.
if [ -n "$cmark" ]; then
    text | "$cmark" --extension table
else
    echo '<pre>'
    text | sed 's/&/\&amp;/g; s/</\&lt;/g; s/^\(##*\) \(.*\)$/<h2>\1 \2<\/h2>/'
    echo '</pre>'
fi | awk -v pages=" $pages " '
    function slug(text) {
        gsub(/<[^>]*>|&[a-z]*;/, "", text)
        text = tolower(text)
        gsub(/[^a-z0-9 _-]/, "", text)
        sub(/^ */, "", text)
        gsub(/ /, "-", text)
        return text
    }
    function is_page(link) {
        return match(link, /\.md/) && index(pages, " " substr(link, 1, RSTART - 1) " ")
    }
    /^<h[1-6]>/ { sub(/>/, " id=\"" slug($0) "\">") }
    {
        left = ""
        right = $0
        while (match(right, /<a href="[^"]*">|<\/a>/)) {
            tag = substr(right, RSTART, RLENGTH)
            left = left substr(right, 1, RSTART - 1)
            right = substr(right, RSTART + RLENGTH)
            if (tag == "</a>") {
                left = left (dropped ? "" : tag)
                continue
            }
            link = substr(tag, 10, length(tag) - 11)
            dropped = 0
            if (is_page(link))
                sub(/\.md/, ".html", tag)
            else if (link !~ /^(#|https?:)/)
                dropped = 1
            left = left (dropped ? "" : tag)
        }
        print left right
    }'
printf '</body>\n</html>\n'
