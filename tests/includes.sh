#!/bin/bash
# tests/includes.sh [ROOT]: no folder includes from a floor above it. Prints TAP.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A line of `floors` is a floor, lowest first: a folder may include from itself, from the floors below it and,
# if its line has two or more folders, from none beside it. A header may stand there by itself (core/ops/op.h).
# Headers of another part are looked for in the order of `roots`, as the compiler does.
set -euo pipefail
export LC_ALL=C

floors='
core/.              the public headers: dcn.h, edit.h, trainer.h
core/static         for archives of libraries (-Dself_contained=true)
core/base
core/model/model.h  what a file says
core/ops/call.h     what an operator is given
core/ops/op.h       what an operator is
core/model
core/onnx
core/ops/kit
core/ops/product
core/ops/conv core/ops/pool core/ops/norm
core/ops
core/plan
core/run
core/occlude core/train

plugin/host.h       what is asked of an image editor
plugin/base
plugin/pixels
plugin/decode       what featurescope-decode is made of
plugin/net
plugin/photo
plugin/draw
plugin/result
plugin/probe
plugin/actions plugin/actions/classify plugin/actions/correspondence plugin/actions/evidence plugin/actions/filters plugin/actions/invariance plugin/actions/judge plugin/actions/occlusion plugin/actions/project plugin/actions/top plugin/actions/whatif
plugin/actions/browse plugin/actions/check plugin/actions/compare plugin/actions/evolution plugin/actions/folder
plugin/.            procedures.c, the list of actions
plugin/gtk
plugin/gtk/windows
plugin/gimp
plugin/gimp2 plugin/gimp3 plugin/gegl

models/train/recipe
models/train/pictures
models/train/run

tests/check.h
tests/cases
tests/core/fixture
tests/host
tests/plugin/fixture tests/models/fixture
tests/.
'

# part: where its includes are looked for, in this order
roots='
core: core
plugin: plugin core
models/train: models/train plugin core
tests: tests plugin core models/train
'

# Which parts of another part are open. What is not listed is open to nobody outside.
doors='
plugin core/.
models/train core/. plugin/base plugin/pixels plugin/net
tests core plugin models/train
'

# Headers of the system that only these folders may include.
outside='
<glib plugin models/train tests
<gio plugin models/train tests
<gegl plugin models/train/run/main.c tests
<babl plugin/pixels plugin/draw plugin/photo plugin/gimp plugin/gimp2 plugin/gimp3 plugin/gegl tests
<gtk plugin/gtk plugin/gimp plugin/gimp2 plugin/gimp3 tests/gimp
<libgimp plugin/gimp plugin/gimp2 plugin/gimp3 plugin/gtk/toolkit.h tests/gimp
"onnx.pb-c.h core/onnx tests
'

# Includes that are against this and stay for now: FILE INCLUDED REASON. A line that is not needed fails the test.
exceptions='
'

check() { # check ROOT: prints faults, one a line
    cd "$1"
    {
        printf '%s\n' "floors$floors" "roots$roots" "doors$doors" "outside$outside" "exceptions$exceptions" 'files'
        find core plugin models/train tests -name '*.[ch]' 2> /dev/null | sort
        echo 'lines'
        find core plugin models/train tests -name '*.[ch]' -print0 2> /dev/null | sort -z |
            xargs -0 grep -nHE '^[ 	]*#[ 	]*include' || true
    } | awk '
    function part_of(file) { return file ~ /^models\/train\// ? "models/train" : substr(file, 1, index(file, "/") - 1) }
    function folder_of(file) { sub(/\/[^\/]*$/, "", file); return file }
    function inside(file, prefix) {
        if (prefix ~ /\/\.$/) return folder_of(file) == substr(prefix, 1, length(prefix) - 2)
        return index(file, prefix "/") == 1 || file == prefix
    }
    # the place of a file: the deepest floor that has it; "" if none
    function place_of(file,    p, best) {
        best = ""
        for (p in floor) if (inside(file, p) && length(p) > length(best)) best = p
        if (best == "" && part_of(file) == "tests") best = "tests/."
        return best
    }
    /^(floors|roots|doors|outside|exceptions|files|lines)$/ { mode = $1; next }
    NF == 0 { next }
    mode == "floors" { level++; for (i = 1; i <= NF && $i ~ /^(core|plugin|models|tests)\//; i++) floor[$i] = level; next }
    mode == "roots" { part = substr($1, 1, length($1) - 1); n_roots[part] = NF - 1; for (i = 2; i <= NF; i++) root[part, i - 1] = $i; next }
    mode == "doors" { for (i = 2; i <= NF; i++) door[$1, ++n_doors[$1]] = $i; next }
    mode == "outside" { n_outside++; header[n_outside] = $1; for (i = 2; i <= NF; i++) allowed[n_outside, i - 1] = $i; n_allowed[n_outside] = NF - 1; next }
    mode == "exceptions" { known[$1, $2] = 1; next }
    mode == "files" { exists[$1] = 1; if (place_of($1) == "") print $1 ": stands on no floor"; next }
    {
        file = $0; sub(/:.*/, "", file)
        where = $0; sub(/^[^:]*:/, "", where); sub(/:.*/, "", where)
        what = $0; sub(/^[^:]*:[^:]*:/, "", what); sub(/^[ \t]*#[ \t]*include[ \t]*/, "", what)
        at = file ":" where ": "
        fault = ""
        for (h = 1; h <= n_outside; h++)
            if (index(what, header[h]) == 1) {
                ok = 0
                for (i = 1; i <= n_allowed[h]; i++) ok = ok || inside(file, allowed[h, i])
                if (!ok) fault = what " does not belong here"
            }
        if (fault == "" && what ~ /^"/ && what !~ /^"onnx\.pb-c\.h"/) {
            split(what, quoted, "\"")
            name = quoted[2]; part = part_of(file); target = ""
            for (i = 1; i <= n_roots[part] && target == ""; i++)
                if ((root[part, i] "/" name) in exists) target = root[part, i] "/" name
            if (target == "")
                fault = "\"" name "\" is no path from " part "/"
            else if (part_of(target) != part) {
                open = 0
                for (i = 1; i <= n_doors[part]; i++) open = open || inside(target, door[part, i])
                if (!open) fault = target " is not open to " part "/"
            } else {
                from = place_of(file); to = place_of(target)
                if (folder_of(file) != folder_of(target) && from != to) {
                    if (floor[to] > floor[from]) fault = target " is on a floor above " from
                    else if (floor[to] == floor[from]) fault = target " stands beside " from ", not below"
                }
            }
            if (fault != "" && (file, target) in known) { used[file, target] = 1; fault = "" }
        }
        if (fault != "") print at fault
    }
    END {
        for (k in known) if (!(k in used)) { split(k, pair, SUBSEP); print pair[1] ": the exception for " pair[2] " is not needed any more" }
    }'
}

# A small tree with one fault of each kind, so that this test is known to fail where it should.
made_up() {
    local tree=$1
    mkdir -p "$tree"/core/{base,plan,ops/conv,ops/pool} "$tree"/plugin/{base,photo} "$tree"/models/train/run "$tree"/tests
    touch "$tree"/core/{dcn.h,base/error.h,plan/plan.h,ops/pool/pool.h} "$tree"/plugin/photo/region.h
    printf '%s\n' '#include "plan/plan.h"' > "$tree"/core/base/up.c
    printf '%s\n' '#include "ops/pool/pool.h"' > "$tree"/core/ops/conv/beside.c
    printf '%s\n' '#include "error.h"' > "$tree"/core/base/bare.c
    printf '%s\n' '#include <glib.h>' > "$tree"/core/plan/glib.c
    printf '%s\n' '#include "base/error.h"' > "$tree"/plugin/base/inside_core.c
    printf '%s\n' '#include "dcn.h"' '#include <glib.h>' > "$tree"/plugin/base/right.c
    printf '%s\n' '#include "photo/region.h"' > "$tree"/models/train/run/region.c
}

if [ -n "${1:-}" ]; then
    check "$1"
    exit
fi

echo "1..2"
number=0 failed=0
verdict() {
    number=$((number + 1))
    if [ -z "$2" ]; then echo "ok $number - $1"; else
        echo "not ok $number - $1"
        printf '%s\n' "$2" | sed 's/^/# /'
        failed=1
    fi
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
made_up "$folder"
got=$(exceptions='' && check "$folder" | sort)
wanted='core/base/bare.c:1: "error.h" is no path from core/
core/base/up.c:1: core/plan/plan.h is on a floor above core/base
core/ops/conv/beside.c:1: core/ops/pool/pool.h stands beside core/ops/conv, not below
core/plan/glib.c:1: <glib.h> does not belong here
models/train/run/region.c:1: plugin/photo/region.h is not open to models/train/
plugin/base/inside_core.c:1: core/base/error.h is not open to plugin/'
verdict "a fault of each kind is found, and nothing else" "$(diff <(echo "$wanted") <(echo "$got") || true)"
verdict "no folder includes from a floor above it" "$(check "$(dirname "$(realpath "$0")")/.." | sort)"
exit "$failed"
