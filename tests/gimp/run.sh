#!/bin/sh
# run.sh HOST BUILD [--sanitizers|--others|TEST...]: runs the scripts of this folder in a real GIMP, headless.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# HOST   gimp2 or gimp3
# BUILD  build folder that has the plug-in for this host
# TEST   names of scripts without .scm; all of them if none is given. --others: those that have a line
#        "; sanitizers: no", as they reach nothing in the host's code that others do not; --sanitizers: the rest
#
# Each script runs in a GIMP of its own with a small profile: no plug-in but script-fu, a
# file loader, ours. A script passes if it comes to its last line, (test-ok), nothing
# crashed, and all that its lines "; prints: TEXT" announce was printed. One with a line
# "; fails" has to end in an error instead, one with "; fonts" gets fonts, one with "; profiles: N"
# a folder of N pictures with as many colour profiles, one with "; oriented" photos on their side.
# Result: TAP, with the seconds that each took.
# KEEP=1 keeps the profile and the logs.

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
host=$1
build=$(cd "$2" && pwd) || exit 2
shift 2
. "$here/host.sh"

gimp_console "$host" > /dev/null || { echo "run.sh: no GIMP for $host is here" >&2; exit 2; }
profile=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-$host.XXXXXX") || exit 2
[ -n "$KEEP" ] || trap 'rm -rf "$profile"' EXIT
host_test_profile "$host" "$build" "$profile" || exit 2
mkdir "$profile/out" "$profile/out/checkpoints"
cp "$root/models/default.onnx" "$profile/out/checkpoints/"
export ASAN_OPTIONS="detect_leaks=0:handle_segv=2:$ASAN_OPTIONS"

printf '\211PNG\r\n\032\n' > "$profile/out/cut.png" # a PNG that ends after its name
[ ! -x "$build/tests/gimp/profile" ] || "$build/tests/gimp/profile" "$profile/out/wide.icc"
"$build/tests/gimp/call-as-text" "$host" "$root/models/default.onnx" > "$profile/out/call.scm" || exit 2

# --- one script

run_script() { # SCRIPT LOG: prints why it failed
    fonts=-f
    ! grep -q '^; fonts' "$1" || fonts=-s
    profiles=$(sed -n 's/^; profiles: //p' "$1")
    [ -z "$profiles" ] || "$build/tests/gimp/many-profiles" "$profile/out/profiles" "$profiles"
    ! grep -q '^; oriented' "$1" || "$build/tests/gimp/oriented" "$profile/out/oriented" > "$profile/out/oriented.log" 2>&1
    FEATURESCOPE_FONTS=$fonts FEATURESCOPE_TIMEOUT=${FEATURESCOPE_TIMEOUT:-600} host_batch "$host" "$profile" "$(host_prelude "$host" "$profile")
        (define out-folder \"$profile/out\")
        (load \"$1\")" > "$2" 2>&1
    status=$?
    if grep -q '^; fails' "$1"; then
        [ "$host" = gimp2 ] || [ $status -eq 70 ] ||
            echo "GIMP ended with status $status, not 70"
        ! grep -q 'TEST OK' "$2" || echo "the script came to its end"
    else
        [ $status -eq 0 ] || echo "GIMP ended with status $status"
        grep -q 'TEST OK' "$2" || echo "the script did not come to its end"
    fi
    grep -E 'Plug-in crashed|AddressSanitizer|runtime error|FAILED|\(featurescope(-hosttest)?:.*CRITICAL' "$2"
    sed -n 's/^; prints: //p' "$1" | while IFS= read -r text; do
        grep -qF -- "$text" "$2" || echo "not printed: $text"
    done
    sed -n "s/^; prints on $host: //p" "$1" | while IFS= read -r text; do
        grep -qF -- "$text" "$2" || echo "not printed: $text"
    done
}

case ${1:-} in
    --sanitizers) set -- $(cd "$here" && grep -L '^; sanitizers: no' test-*.scm) ;;
    --others) set -- $(cd "$here" && grep -l '^; sanitizers: no' test-*.scm) ;;
    '') set -- $(cd "$here" && ls test-*.scm) ;;
esac
echo "1..$#"
number=0 bad=0
for name in "$@"; do
    name=${name%.scm}
    number=$((number + 1))
    script=$here/$name.scm
    log=$profile/$name.log
    only=$(sed -n 's/^; only: //p' "$script")
    if [ -n "$only" ] && [ "$only" != "$host" ]; then
        echo "ok $number - $host $name # SKIP for $only only"
        continue
    fi
    began=$(date +%s)
    why=$(run_script "$script" "$log")
    seconds=$(($(date +%s) - began))
    if [ -z "$why" ]; then
        echo "ok $number - $host $name ($seconds s)"
    else
        echo "not ok $number - $host $name"
        echo "$why" | sed 's/^/# /'
        sed 's/^/#   /' "$log"
        bad=$((bad + 1))
    fi
done
[ -z "$KEEP" ] || echo "# kept: $profile"
exit $((bad > 0))
