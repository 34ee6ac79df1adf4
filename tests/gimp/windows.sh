#!/bin/sh
# windows.sh HOST BUILD [TEST...]: runs the scripts window-*.scm in a GIMP with windows.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# HOST   gimp2 or gimp3
# BUILD  build folder that has the plug-in for this host
#
# Run inside a display: xvfb-run -a -s "-screen 0 1280x720x24" tests/gimp/windows.sh ...
# Needs openbox, xdotool, imagemagick. A script's comments say what a person does meanwhile, in order:
#
#     ; keys TITLE: KEY...    waits for a window of that title (a pattern) and sends it keys
#                             as of xdotool; "type:text" types, "sleep:2" waits, "click:30,-80" clicks in
#                             the window, below zero from its right or lower edge; WORK-FOLDER in
#                             a text is that folder
#     ; after: TEXT           waits until the script has printed TEXT
#     ; copy FILE             beforehand, of the tree, into the folder that the script calls work-folder; empty ones
#                             below it are pictures and pictures/more
#     ; only: HOST            of the two hosts
#     ; never: TEXT           fails if the script or GIMP has printed TEXT
#     ; sees TITLE: WIDTHxHEIGHT+X+Y N [COLOUR]   waits until that part of the window, X and Y from its upper
#                             right corner, has N colours, or N pixels of about the colour
#     ; lacks TITLE: WIDTHxHEIGHT+X+Y N COLOUR    waits until it has no more than N of them
#
# The web browser, which help is shown by, prints "SHOWN page.html" if there is such a page.
#
# A model counts as chosen before: work-folder has it as model.onnx, a copy of tests/data/nets/tiny/model.onnx.
#
# A script passes if it comes to its last line, (test-ok), and nothing crashed. Where the person came too early or too
# late for a window, the machine may have been at something else: then the script runs once more, and the result says
# so. What GIMP and we complain of, and an error of the script, fails it at once. Result: TAP.

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
host=$1
build=$(cd "$2" && pwd) || exit 2
shift 2
. "$here/host.sh"
console=$(gimp_console "$host") || { echo "windows.sh: no GIMP for $host is here" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-windows.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8

# What opens a page of HTML, in the user's folder of applications.
make_browser() {
    cat > "$work/browser" << 'EOF'
#!/bin/sh
[ ! -s "${1#file://}" ] || echo "SHOWN ${1##*/}"
EOF
    chmod +x "$work/browser"
    mkdir -p "$work/data/applications"
    printf '[Desktop Entry]\nType=Application\nName=Browser\nExec=%s %%u\n' "$work/browser" > "$work/data/applications/browser.desktop"
    printf '[Default Applications]\ntext/html=browser.desktop\nx-scheme-handler/file=browser.desktop\n' \
        > "$work/data/applications/mimeapps.list"
}
make_browser

wait_for_window() { # TITLE: prints its number
    for _ in $(seq 120); do
        found=$(xdotool search --onlyvisible --name "$1" 2> /dev/null | tail -n 1)
        [ -z "$found" ] || break
        sleep 0.25
    done
    echo "$found"
}

send_keys() { # TITLE KEY...
    window=$(wait_for_window "$1")
    [ -n "$window" ] || { echo "no window \"$1\""; return; }
    sleep 1.5
    window=$(wait_for_window "$1") # the first one may have been about to close
    shift
    xdotool windowfocus --sync "$window" 2> /dev/null
    for key in "$@"; do
        case $key in
            type:*) xdotool type --delay 40 "$(echo "${key#type:}" | sed "s#WORK-FOLDER#$work#")" ;;
            sleep:*) sleep "${key#sleep:}" ;;
            click:*) click "$window" "${key#click:}" ;;
            *) xdotool key "$key" ;;
        esac
        sleep 0.3
    done
}

click() { # WINDOW X,Y
    eval "$(xdotool getwindowgeometry --shell "$1" | grep -E '^(WIDTH|HEIGHT)=')"
    x=${2%,*} y=${2#*,}
    [ "$x" -ge 0 ] || x=$((WIDTH + x))
    [ "$y" -ge 0 ] || y=$((HEIGHT + y))
    xdotool mousemove --window "$1" "$x" "$y" click 1
}

wait_for_text() { # LOG TEXT
    for _ in $(seq 240); do
        ! grep -qsF -- "$2" "$1" || return 0
        sleep 0.25
    done
    echo "not printed: $2"
}

# The pointer goes away first: what it points at may show a tip.
wait_for_colors() { # -ge|-le TITLE PART N [COLOR]
    compare=$1
    shift
    window=$(wait_for_window "$1")
    [ -n "$window" ] || { echo "no window \"$1\""; return; }
    xdotool mousemove 1 1
    colors=unknown
    for _ in $(seq 80); do
        if import -window "$window" -silent "$work/seen.png" 2> /dev/null; then
            colors=$(count_colors "$2" "$4")
            [ "$colors" "$compare" "$3" ] && return 0
        fi
        sleep 0.25
    done
    echo "\"$1\" has $colors ${4:+pixels of }${4:-colours} at $2, which is not $compare $3"
}

count_colors() { # PART [COLOR]
    if [ -z "$2" ]; then
        convert "$work/seen.png" -gravity NorthEast -crop "$1" +repage -format %k info:
    else
        convert "$work/seen.png" -gravity NorthEast -crop "$1" +repage -alpha off -fuzz 20% -fill black +opaque "$2" \
            -fuzz 0 -fill white +opaque black -format '%[fx:round(mean*w*h)]' info:
    fi
}

play_step() { # LINE LOG
    case $1 in
        after:*) wait_for_text "$2" "${1#after: }" ;;
        keys*)
            title=${1#keys } title=${title%%: *}
            # shellcheck disable=SC2046,SC2086
            send_keys "$title" ${1#*: }
            ;;
        sees* | lacks*)
            title=${1#* } title=${title%%: *}
            compare=-ge
            [ "${1%% *}" = sees ] || compare=-le
            # shellcheck disable=SC2086
            wait_for_colors $compare "$title" ${1#*: }
            ;;
    esac
}

# Plays the person of a script's comments, who gives up where something is not as it should be.
play() { # SCRIPT LOG
    sed -n 's/^; \(keys\|after\|sees\|lacks\)\(.*\)/\1\2/p' "$1" > "$work/play"
    while IFS= read -r line; do
        said=$(play_step "$line" "$2")
        [ -z "$said" ] || { echo "$said, at \"$line\"" && return; }
    done < "$work/play"
}

run_script() { # SCRIPT LOG: prints why it failed
    # A fresh profile a script: a GIMP that was ended asks about its images at the next start.
    profile=$(mktemp -d "$work/profile-XXXXXX") &&
        host_test_profile "$host" "$build" "$profile" 2>&1 || { echo "no profile for the plug-in"; return; }
    host_link "$host" "$profile" help web-browser
    mkdir -p "$profile/config/featurescope"
    printf '[model]\nfiles=%s\n' "$work/model.onnx" > "$profile/config/featurescope/recent.ini"
    rm -f "$work/model".*
    cp "$root/tests/data/nets/tiny/model.onnx" "$work/"
    rm -rf "$work/pictures" && mkdir -p "$work/pictures/more"
    for file in $(sed -n 's/^; copy //p' "$1"); do
        cp "$root/$file" "$work/" || { echo "$file is not here"; return; }
    done
    begin="$(host_prelude "$host" "$profile") (define work-folder $(host_string "$work")) (load \"$1\")"
    # (-k: GIMP 3 hangs now and then in what it does at SIGTERM.)
    openbox > /dev/null 2>&1 &
    manager=$!
    XDG_DATA_HOME=$work/data XDG_CONFIG_HOME=$profile/config XDG_CACHE_HOME=$profile/cache GIMP2_DIRECTORY=$profile GIMP3_DIRECTORY=$profile \
        GEGL_PATH=$(host_gegl_path "$profile") timeout -k 5 400 "$(gimp_with_windows "$console")" -n -s -d -f -c --batch-interpreter=plug-in-script-fu-eval \
        -b "(begin $begin)" > "$2" 2>&1 < /dev/null &
    app=$!
    missing=$(play "$1" "$2")
    [ -n "$missing" ] || missing=$(wait_for_text "$2" "TEST OK")
    echo "$missing" | sed '/^$/d'
    kill $app $manager 2> /dev/null
    wait $app $manager 2> /dev/null
    sed -n 's/^; never: //p' "$1" | while IFS= read -r text; do
        ! grep -F -- "$text" "$2" || echo "printed, which should not be: $text"
    done
    host_complaints "$2" | sed 's/^/complaint: /'
}

last_words() { # LOG
    grep -v 'theme engine\|Gdk-CRITICAL\|^ *$' "$1" | tail -n 25 | sed 's/^/#   /'
}

# run_twice SCRIPT LOG: a second time if there is no more to complain of than the person's haste. What was the
# first time is in the file "first".
run_twice() {
    : > "$work/first"
    run_script "$1" "$2" > "$work/why"
    if [ -s "$work/why" ] && ! grep -q '^complaint: \|^printed, which should not be' "$work/why" && ! grep -q 'execution error' "$2"; then
        { sed 's/^/# the first time: /' "$work/why" && last_words "$2"; } > "$work/first"
        run_script "$1" "$2" > "$work/why"
    fi
    cat "$work/why"
}

[ $# -gt 0 ] || set -- $(cd "$here" && ls window-*.scm | sed 's/\.scm$//')
echo "1..$#"
number=0 bad=0
for name in "$@"; do
    number=$((number + 1))
    log=$work/$name.log
    only=$(sed -n 's/^; only: //p' "$here/$name.scm")
    if [ -n "$only" ] && [ "$only" != "$host" ]; then
        echo "ok $number - $host $name # SKIP for $only only"
        continue
    fi
    began=$(date +%s)
    why=$(run_twice "$here/$name.scm" "$log")
    seconds=$(($(date +%s) - began))
    if [ -z "$why" ]; then
        again=
        [ ! -s "$work/first" ] || again=", the second time"
        echo "ok $number - $host $name ($seconds s$again)"
        cat "$work/first"
    else
        echo "not ok $number - $host $name"
        echo "$why" | sed 's/^/# /'
        cat "$work/first"
        last_words "$log"
        bad=$((bad + 1))
    fi
done
exit $((bad > 0))
