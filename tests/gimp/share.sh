#!/bin/bash
# share.sh HOST BUILD PHOTO [ROUNDS [FIT [MODEL]]]: what a run takes beside its network. Not a test.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# In a GIMP without a window (gimp2 or gimp3): by turns a projection, less all that is the network's, and
# bare reading and writing of the same pixels (share.c), each in a process of its own as GIMP starts them.
# Prints the medians in milliseconds and their ratio. FIT: crop (default) or stretch.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
host=$1
build=$(cd "$2" && pwd)
photo=$(realpath "$3")
rounds=${4:-9} fit=${5:-crop} model=${6:-}
. "$here/host.sh"

profile=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-share.XXXXXX")
trap 'rm -rf "$profile"' EXIT
host_profile "$host" "$build" "$profile" "$photo"
mkdir "$profile/plug-ins/featurescope-share"
ln -s "$build/tests/gimp/featurescope-share" "$profile/plug-ins/featurescope-share/"
ln -s "$here/../../models" "$here/../../icons" "$profile/plug-ins/featurescope-share/"

host_run "$host" "$profile" "$profile/log" "
    (load $(host_string "$here/prelude.scm"))
    (load $(host_string "$here/prelude-$host.scm"))
    (set! tables '((\"plug-in-featurescope-share\"
                    ((\"what\" . \"ours\") (\"model\" . \"\") (\"fit\" . \"$fit\")) ())))
    (define image (load-image $(host_string "$photo")))
    (define layer (first-layer image))
    (define (time what)
      (call \"plug-in-featurescope-share\" image layer \"what\" what \"model\" $(host_string "$model"))
      (for-each (lambda (other) (if (not (equal? other layer)) (remove-layer image other))) (top-layers image)))
    (let loop ((n 0))
      (time \"bare\")
      (time \"ours\")
      (if (< n $rounds) (loop (+ n 1))))
    (test-ok)" || { cat "$profile/log" >&2; exit 1; }

# Medians by name; the first round only brings files into memory.
grep '^SHARE' "$profile/log" | awk '
    seen[$2]++ { n[$2]++
        value[$2 " all", n[$2]] = $3
        for (i = 4; i < NF; i += 2) value[$2 " " $i, n[$2]] = $(i + 1)
        for (i = 4; i < NF; i += 2) names[$2 " " $i]
        names[$2 " all"] }
    function median(name, count,    a, i, j, t) {
        for (i = 1; i <= count; i++) a[i] = value[name, i]
        for (i = 2; i <= count; i++)
            for (j = i; j > 1 && a[j] < a[j - 1]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
        return a[int((count + 1) / 2)] }
    END {
        for (name in names) { split(name, word, " "); result[name] = median(name, n[word[1]]) }
        printf "bare %.1f = read %.1f + write %.1f\n", result["bare all"], result["bare read"], result["bare write"]
        printf "ours %.1f = read %.1f + paint %.1f + add %.1f + other; the network beside it %.1f\n", \
            result["ours all"], result["ours read"], result["ours paint"], result["ours add"], result["ours net"]
        printf "ratio %.2f\n", result["ours all"] / result["bare all"] }'
