#!/bin/sh
# wayland.sh BUILD [SCALE [FOLDER]]: every window of the plug-in in a GIMP 3 under Wayland, without X.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# BUILD   build folder that has the plug-in for GIMP 3
# SCALE   of the screen: 1 or 2
# FOLDER  where pictures of the windows are kept
#
# The compositor is Weston, without a screen. wayland.py plays the person. Needs weston, at-spi2-core, dbus, and
# Python with the accessibility bus (python3-gi, gir1.2-atspi-2.0). Prints TAP.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC2034
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd) || exit 2
. "$here/host.sh"
console=$(gimp_console gimp3) || { echo "wayland.sh: no GIMP 3 is here" >&2; exit 2; }
if [ -z "${FEATURESCOPE_WAYLAND:-}" ]; then # the accessibility bus lives in a session of its own
    export FEATURESCOPE_WAYLAND=1
    exec dbus-run-session -- sh "$0" "$@" 2> /dev/null
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-wayland.XXXXXX") || exit 2
shots=${3:-$work/shots} profile=$work/profile log=$work/log
mkdir -p "$shots"
mkdir -m 700 "$work/run"
unset DISPLAY NO_AT_BRIDGE
export LC_ALL=C.UTF-8 XDG_RUNTIME_DIR="$work/run" WAYLAND_DISPLAY=featurescope GDK_BACKEND=wayland
# (A seat that is none: newer ones offer it. Without, GDK misses its keyboard and pointer aloud.)
# shellcheck disable=SC2046
env -u WAYLAND_DISPLAY weston --backend=headless --renderer=pixman --width=1280 --height=800 --scale="${2:-1}" \
    --socket=featurescope --idle-time=0 --no-config --debug $(weston --help | grep -o -- --fake-seat) > "$work/weston" 2>&1 &
weston=$!
for _ in $(seq 50); do
    [ ! -S "$work/run/featurescope" ] || break
    sleep 0.1
done
host_test_profile gimp3 "$build" "$profile" || exit 2
begin="$(host_prelude gimp3 "$profile")
    (define image (make-image 320 240 RGB))
    (define photo (make-layer image 320 240 RGB-IMAGE \"photo\"))
    (fill-color photo '(90 120 150))
    (select-rectangle image 40 40 100 100)
    (gimp-display-new image)
    (define (wait-for file)
      (gimp-progress-pulse)
      (let wait ((i 0)) (if (< i 20000) (wait (+ i 1))))
      (if (not (file-exists? file)) (wait-for file)))
    (for-each (lambda (action)
                (wait-for (string-append $(host_string "$shots/go-") action))
                (catch #t (call-mode RUN-INTERACTIVE (string-append \"plug-in-featurescope-\" action) image photo)))
              '($(sed -n 's/^    "\([a-z]*\)": \[.*/"\1"/p' "$here/wayland.py" | tr '\n' ' ')))
    (test-ok)"
XDG_CONFIG_HOME=$profile/config GIMP3_DIRECTORY=$profile timeout -k 5 600 "$(gimp_with_windows "$console")" \
    -n -s -d -f -c --batch-interpreter=plug-in-script-fu-eval -b "(begin $begin)" > "$log" 2>&1 < /dev/null &
app=$!
end() {
    kill $app $weston 2> /dev/null
    wait
    rm -rf "$work"
}
trap end EXIT
python3 "$here/wayland.py" "$shots" > "$work/tap"
bad=$?
# Weston lets no window name its parent in another program (xdg_foreign), nor has each a seat.
host_complaints "$log" |
    grep -vE 'Server is missing xdg_foreign|gdk_wayland_window_unexport_handle|assertion .GDK_IS_(SEAT|DEVICE) ' > "$work/complaints"
sed "1s/.*/1..$(($(sed -n "s/^1\.\.//p" "$work/tap") + 1))/" "$work/tap"
if [ -s "$work/complaints" ]; then
    echo "not ok $(($(grep -c -E '^(not )?ok' "$work/tap") + 1)) - no complaints"
    bad=1
else
    echo "ok $(($(grep -c -E '^(not )?ok' "$work/tap") + 1)) - no complaints"
fi
[ $bad = 0 ] || sed 's/^/# /' "$log" "$work/complaints" # what is last is seen in any case
exit $bad
