#!/bin/sh
# run.sh HOST BUILD [TEST...]: runs the scripts of this folder in a real GIMP, headless.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# HOST   gimp2 or gimp3
# BUILD  build folder that has the plug-in for this host
# TEST   names of scripts without .scm; all of them if none is given
#
# Each script runs in a GIMP of its own with a small profile: no plug-in but script-fu, a
# file loader, ours. A script passes if it comes to its last line, (test-ok), nothing
# crashed, and all that its lines "; prints: TEXT" announce was printed. One with a line
# "; fails" has to end in an error instead. Result: TAP.
# KEEP=1 keeps the profile and the logs.

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
host=$1
build=$(cd "$2" && pwd) || exit 2
shift 2

case $host in
    gimp2) pc=gimp-2.0 console=gimp-console-2.10 ;;
    gimp3) pc=gimp-3.0 console=gimp-console-3.0 ;;
    *) echo "run.sh: host is gimp2 or gimp3" >&2; exit 2 ;;
esac
system=$(pkg-config --variable=gimplibdir $pc)/plug-ins

# --- the profile

profile=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-$host.XXXXXX") || exit 2
[ -n "$KEEP" ] || trap 'rm -rf "$profile"' EXIT
mkdir -p "$profile/plug-ins" "$profile/gradients" "$profile/out"

install_plugin() { # NAME BINARY
    [ -x "$2" ] || return 0
    mkdir "$profile/plug-ins/$1"
    cp "$2" "$profile/plug-ins/$1/$1"
    ln -s "$root/icons" "$root/models" "$profile/plug-ins/$1/"
    [ ! -d "$build/translations/locale" ] ||
        ln -s "$build/translations/locale" "$profile/plug-ins/$1/"
}
for name in script-fu file-png file-jpeg; do
    [ ! -e "$system/$name" ] || ln -s "$system/$name" "$profile/plug-ins/"
done
install_plugin featurescope "$build/plugin/$host/featurescope"
install_plugin featurescope-hosttest "$build/tests/gimp/featurescope-hosttest"
install_plugin featurescope-caller "$build/tests/gimp/featurescope-caller"
{
    [ "$host" != gimp3 ] || echo '(config-version "3.0.4")'
    # shellcheck disable=SC2016
    echo '(plug-in-path "${gimp_dir}/plug-ins")'
} > "$profile/gimprc"
for table in "$build"/tests/gimp/table-hosttest "$build"/tests/plugin/table; do
    [ ! -x "$table" ] || "$table" || exit 2
done > "$profile/tables.scm"

export GIMP2_DIRECTORY="$profile" GIMP3_DIRECTORY="$profile" LC_ALL=C.UTF-8
export ASAN_OPTIONS="detect_leaks=0:handle_segv=2:$ASAN_OPTIONS"
unset DISPLAY WAYLAND_DISPLAY

printf '\211PNG\r\n\032\n' > "$profile/out/cut.png" # a PNG that ends after its name
[ ! -x "$build/tests/gimp/profile" ] || "$build/tests/gimp/profile" "$profile/out/wide.icc"

# --- one script

run_script() { # SCRIPT LOG: prints why it failed
    begin="(define host \"$host\")
           (define out-folder \"$profile/out\")
           (define root-folder \"$root\")
           (load \"$here/prelude.scm\")
           (load \"$here/prelude-$host.scm\")
           (load \"$profile/tables.scm\")
           (load \"$1\")"
    if [ "$host" = gimp2 ]; then
        timeout -k 5 120 $console -i -d -f -b "(begin $begin)" -b '(gimp-quit 1)' \
            < /dev/null > "$2" 2>&1
    else
        timeout -k 5 120 $console -i -d -f --quit \
            --batch-interpreter=plug-in-script-fu-eval -b "(begin $begin)" \
            < /dev/null > "$2" 2>&1
    fi
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

[ $# -gt 0 ] || set -- $(cd "$here" && ls test-*.scm | sed 's/\.scm$//')
echo "1..$#"
number=0 bad=0
for name in "$@"; do
    number=$((number + 1))
    script=$here/$name.scm
    log=$profile/$name.log
    only=$(sed -n 's/^; only: //p' "$script")
    if [ -n "$only" ] && [ "$only" != "$host" ]; then
        echo "ok $number - $host $name # SKIP for $only only"
        continue
    fi
    why=$(run_script "$script" "$log")
    if [ -z "$why" ]; then
        echo "ok $number - $host $name"
    else
        echo "not ok $number - $host $name"
        echo "$why" | sed 's/^/# /'
        sed 's/^/#   /' "$log"
        bad=$((bad + 1))
    fi
done
[ -z "$KEEP" ] || echo "# kept: $profile"
exit $((bad > 0))
