#!/bin/bash
# docs-commands.sh HOST BUILD: runs the commands of docs/automation.md, figures.md and top.md as they are
# printed.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A comment before each block of commands says what is to come of it, below the home folder:
#
#     <!-- test: gimp2 gimp3 needs: parallel makes: results/one.xcf -->
#     <!-- slurm: part.sh 2 4 makes: FILE -->    runs that script as task 2 of an array of 4
#
# The home folder is a temporary one with four pictures, a file that is none, and a model; GIMP
# has a profile of its own. A block without such a comment fails. Result: TAP.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
host=$1
build=$(cd "$2" && pwd) || exit 2
. "$here/host.sh"

home=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-docs.XXXXXX") || exit 2
trap 'rm -rf "$home"' EXIT
mkdir -p "$home/photos" "$home/models"
"$build/tests/draw_demo" "$home/photos/cat.jpg" || exit 2 # GIMP goes by the content
for name in "stop sign.png" 3.png 4.png; do cp "$home/photos/cat.jpg" "$home/photos/$name"; done
mkdir -p "$home/masks/left eye" # whatever is light in them is the part
for name in cat.png 3.png; do cp "$home/photos/cat.jpg" "$home/masks/left eye/$name"; done
echo "no picture" > "$home/photos/notes.txt"
cp "$root/models/default.onnx" "$home/models/net.onnx"
cp "$root/models/default-labels.txt" "$home/models/"
cp "$root/models/default.ini" "$home/models/net.ini"
mkdir "$home/checkpoints"
for name in epoch1 epoch10; do
    cp "$root/models/default.onnx" "$home/checkpoints/$name.onnx"
    cp "$root/models/default.ini" "$home/checkpoints/$name.ini"
done
cp "$root/models/default-labels.txt" "$home/checkpoints/"
host_profile "$host" "$build" "$home/profile" || exit 2
unset XDG_CACHE_HOME
export HOME=$home GIMP2_DIRECTORY=$home/profile GIMP3_DIRECTORY=$home/profile LC_ALL=C.UTF-8
unset DISPLAY WAYLAND_DISPLAY SLURM_ARRAY_TASK_ID SLURM_ARRAY_TASK_COUNT

number=0 bad=0

# words KEY COMMENT: what stands after "KEY:" up to the next key
words() {
    sed -n "s/.*$1: \([^:]*\).*/\1/p" <<< "$2 end:" | sed 's/[a-z]* *$//; s/-->//'
}

# run_block TITLE SCRIPT COMMENT
run_block() {
    local file missing=
    number=$((number + 1))
    for file in $(words makes "$3"); do rm -f "$home/$file"; done
    timeout -k 5 180 bash -e "$2" > "$home/log" 2>&1 < /dev/null
    local status=$?
    for file in $(words makes "$3"); do
        [ -s "$home/$file" ] || missing="$missing $file"
    done
    if [ $status = 0 ] && [ -z "$missing" ] && ! grep -qE 'experienced an|Plug-in crashed' "$home/log"; then
        echo "ok $number - $host $1"
    else
        echo "not ok $number - $host $1"
        echo "# status $status; not made:${missing:- nothing}"
        sed 's/^/# /' "$home/log"
        bad=1
    fi
}

# one_block COMMENT LINE: the block's commands are in $home/block
one_block() {
    local title="$page line $2" need task
    case $1 in
        *'test: '*)
            [[ " $(words test "$1") " == *" $host "* ]] || return
            for need in $(words needs "$1"); do
                command -v "$need" > /dev/null && continue
                number=$((number + 1))
                echo "ok $number - $host $title # SKIP $need is not here"
                return
            done
            run_block "$title" "$home/block" "$1"
            ;;
        *'slurm: '*)
            read -r -a task <<< "$(words slurm "$1")"
            SLURM_ARRAY_TASK_ID=${task[1]} SLURM_ARRAY_TASK_COUNT=${task[2]} \
                run_block "$title, as a task of an array" "$home/${task[0]}" "$1"
            ;;
        *)
            number=$((number + 1)) bad=1
            echo "not ok $number - $title: nothing says what comes of these commands"
            ;;
    esac
}

for page in automation.md figures.md top.md; do
    comment= line_number=0 inside=
    while IFS= read -r line; do
        line_number=$((line_number + 1))
        case $line in
            '```sh') inside=$line_number; : > "$home/block" ;;
            '```')
                [ -z "$inside" ] || one_block "$comment" "$inside"
                inside= comment=
                ;;
            '<!-- '*) comment=$line ;;
            *) [ -z "$inside" ] || printf '%s\n' "$line" >> "$home/block" ;;
        esac
    done < "$root/docs/$page"
done
echo "1..$number"
exit $bad
