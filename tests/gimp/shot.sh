#!/bin/sh
# shot.sh HOST BUILD SCRIPT TITLE OUT.png [KEY...]: a picture of a dialog in a real GIMP.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# HOST    gimp2 or gimp3
# BUILD   build folder that has the plug-in for this host
# SCRIPT  Scheme that opens the dialog; `photo` and `image` are defined, a display is open
# TITLE   pattern of the window to wait for, "^Feature" say
# KEY     keys sent to that window first, as of xdotool: alt+m Down Return; "type:text" types,
#         "wait:TITLE" waits for another window, "sleep:2" waits, "move:600 20" moves the window
#
# Run inside a display: xvfb-run -a -s "-screen 0 1280x720x24" tests/gimp/shot.sh ...
# Needs openbox, xdotool, imagemagick. PHOTO=file is opened instead of a plain image; GIMPRC=text is added to GIMP's
# settings, (theme "Light") in GIMP 2.10 or (theme-color-scheme light) in 3 say.

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
host=$1 build=$(cd "$2" && pwd) script=$3 title=$4 out=$5
shift 5
. "$here/host.sh"
console=$(gimp_console "$host") || { echo "shot.sh: no GIMP for $host is here" >&2; exit 2; }

# A fresh profile: a GIMP that was killed asks about its images at the next start.
profile=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-shot.XXXXXX") || exit 2
host_test_profile "$host" "$build" "$profile" || exit 2
echo "$GIMPRC" >> "$profile/gimprc"
export GIMP2_DIRECTORY="$profile" GIMP3_DIRECTORY="$profile" GEGL_PATH="$(host_gegl_path "$profile")" LC_ALL="${LC_ALL:-C.UTF-8}"
begin=$(host_prelude "$host" "$profile")
if [ -n "$PHOTO" ]; then
    begin="$begin (define image (load-image \"$PHOTO\")) (define photo (first-layer image))"
else
    begin="$begin (define image (make-image 320 240 RGB))
      (define photo (make-layer image 320 240 RGB-IMAGE \"photo\"))
      (fill-color photo '(90 120 150))"
fi

openbox > /dev/null 2>&1 &
manager=$!
"$(gimp_with_windows "$console")" -n -s -d -f -c --batch-interpreter=plug-in-script-fu-eval \
    -b "(begin $begin (gimp-display-new image) $script)" > "$out.log" 2>&1 < /dev/null &
app=$!
end() {
    kill "$app" "$manager" 2> /dev/null
    rm -rf "$profile"
}
trap end EXIT

wait_for() { # TITLE: prints the window
    for _ in $(seq 80); do
        window=$(xdotool search --onlyvisible --name "$1" 2> /dev/null | head -n 1)
        [ -z "$window" ] || break
        sleep 0.5
    done
    echo "$window"
}
window=$(wait_for "$title")
sleep 1.5
for key in "$@"; do
    case $key in
        type:*) xdotool type --delay 60 "${key#type:}" ;;
        sleep:*) sleep "${key#sleep:}" ;;
        wait:*) window=$(wait_for "${key#wait:}"); sleep 1 ;;
        focus) xdotool windowfocus --sync "$window" ;;
        move:*) xdotool windowmove "$window" ${key#move:} ;;
        click:*) xdotool mousemove ${key#click:} click 1 ;;
        *) xdotool key "$key" ;;
    esac
    sleep 0.3
done
import -window root "$out"
[ -n "$window" ]
