#!/bin/bash
# faults.sh HOST BUILD: what goes wrong around a GIMP: full disks, strange names, missing folders, processes that are
# killed. Prints TAP. SPDX-License-Identifier: GPL-3.0-or-later
#
# HOST   gimp2 or gimp3
# BUILD  build folder that has the plug-in for this host
# KEEP=1 keeps the folder with what was made and what GIMP said.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
host=$1
build=$(cd "$2" && pwd) || exit 2
. "$here/host.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/featurescope-faults.XXXXXX") || exit 2
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
profile=$work/profile log=$work/log out=$work/out
host_profile "$host" "$build" "$profile" || exit 2
"$build/tests/gimp/table-hosttest" > "$profile/tables.scm" && "$build/tests/plugin/table" >> "$profile/tables.scm" || exit 2
export XDG_CACHE_HOME=$work/cache
mkdir "$out"
number=0 bad=0

# check NAME CONDITION...: shows what GIMP said if the condition does not hold
check() {
    local name=$1
    shift
    number=$((number + 1))
    if "$@"; then
        echo "ok $number - $host $name"
    else
        echo "not ok $number - $host $name"
        printf '# in: %s\n' "$*"
        sed 's/^/#   /' "$log"
        bad=1
    fi
}

batch() { host_batch "$host" "$profile" "$1" > "$log" 2>&1; }
said() { grep -qF -- "$1" "$log"; }
silent() { ! grep -qE -- "$1" "$log"; }
# the names in a folder, those that start with a dot too
holds() { [ "$(cd "$1" && find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort | tr '\n' ' ')" = "$2" ]; }

# folder FROM TO ACTION ARGUMENTS
folder() {
    batch "(script-fu-featurescope-folder $(host_string "$1") $(host_string "$2") \"$3\" \"\" $(host_string "$4") 1 1)"
}

# --- pictures with every kind of name, and what is none

pictures=$work/pictures
mkdir "$pictures" "$pictures/below"
"$build/tests/draw_demo" "$work/cat.png" || exit 2
batch "$(host_prelude "$host" "$profile")
    (define image (load-image \"$work/cat.png\"))
    (gimp-image-scale image 96 72)
    (save-image image (first-layer image) \"$work/cat.jpg\")"
strange=("ü 猫.jpg" 'quote"s.jpg' "quote's.jpg" '100%n.jpg' '-l.jpg' $'two\nlines.jpg' "$(printf 'x%.0s' {1..247}).jpg")
for name in "${strange[@]}"; do cp "$work/cat.jpg" "$pictures/$name"; done
ln -s ../cat.jpg "$pictures/linked.jpg"
ln -s nowhere "$pictures/dangling.jpg"
ln -s below "$pictures/linked-folder"
mkfifo "$pictures/fifo.jpg"
ln -s fifo.jpg "$pictures/linked-fifo.jpg"
head -c $(($(stat -c %s "$work/cat.jpg") * 2 / 3)) "$work/cat.jpg" > "$pictures/cut.jpg"
: > "$pictures/empty.jpg"
cp "$work/cat.jpg" "$pictures/"$'not-utf8-\xe9.jpg'
cp "$work/cat.jpg" "$pictures/below/"

folder "$pictures" "$out/labels" classify "count 1"
check "a folder is gone through" said "Featurescope: 8 done, 2 skipped"
check "a JPEG that was cut off is named" said 'cut.jpg" is damaged'
check "so is one without bytes" said 'Skipped: “empty.jpg” cannot be opened'
check "names that are not UTF-8 are counted" said "their names are not UTF-8: 1"
check "a line for each" test "$(wc -l < "$out/labels/labels.txt")" = 8
check "a link is followed" grep -q "^linked.jpg	" "$out/labels/labels.txt"
check "a name of two lines has one" grep -q "^two lines.jpg	" "$out/labels/labels.txt"
check "nothing else is left" holds "$out/labels" "labels.txt "

# --- a full disk: /dev/full, and a limit on the size of files, which need no root

# limited KILOBYTES COMMAND...
limited() (
    trap '' XFSZ
    ulimit -f "$1"
    shift
    "$@"
)
mkdir "$work/one"
cp "$work/cat.jpg" "$work/one/"
before=$(cat "$out/labels/labels.txt")
ln -s /dev/full "$out/labels/.featurescope-1-of-1.txt"
folder "$work/one" "$out/labels" classify "count 1"
check "labels on a full disk: not done" silent "[0-9] done"
check "the old labels stay" test "$before" = "$(cat "$out/labels/labels.txt")"
check "and nothing else" holds "$out/labels" "labels.txt "
folder "$work/one" "$out/pictures" projection "count 1"
check "a projection is saved" holds "$out/pictures" "cat.jpg.png cat.jpg.xcf "
sums=$(cd "$out/pictures" && cksum cat.jpg.png cat.jpg.xcf)
limited 40 folder "$work/one" "$out/pictures" projection "count 2"
check "pictures on a full disk: not done" silent "[1-9] done"
check "the old pictures stay" test "$sums" = "$(cd "$out/pictures" && cksum cat.jpg.png cat.jpg.xcf)"
check "and nothing else" holds "$out/pictures" "cat.jpg.png cat.jpg.xcf "

# --- two runs at once with one folder of results

mkdir "$work/twelve"
for i in {1..12}; do cp "$work/cat.jpg" "$work/twelve/$i.jpg"; done
twice() { # ACTION LOG
    log=$2
    folder "$work/twelve" "$out/twice" "$1" "count 1"
}
twice projection "$work/log-1" &
twice projection "$work/log-2" &
wait
cat "$work/log-1" "$work/log-2" > "$log"
check "two runs at once: both do all" test "$(grep -c "Featurescope: 12 done, 0 skipped" "$log")" = 2
check "and leave results alone" test "$(find "$out/twice" -name '[0-9]*.jpg.xcf' -printf x)$(find "$out/twice" -mindepth 1 ! -name '*.xcf' -printf y)" = xxxxxxxxxxxxyyyyyyyyyyyy
folder "$out/twice" "$out/labels-of-results" classify "count 1"
check "which are whole" said "Featurescope: 24 done, 0 skipped"

# --- names and places: a model with each kind of name, a locale of C, no HOME, no folder for temporary files, a cache
# that is none.

models=$work/models
mkdir "$models"
calls=
for name in "модель 猫" 'quote"s' "100%n%s" "-l" $'two\nlines' "$(printf 'x%.0s' {1..245})"; do
    cp "$root/models/default.onnx" "$models/$name.onnx"
    cp "$root/models/default-labels.txt" "$models/"
    cp "$root/models/default.ini" "$models/$name.ini"
    calls="$calls
        (classify $(host_string "$models/$name.onnx"))
        (project $(host_string "$models/$name.onnx") $(host_string "$out/$name.npy"))"
done
(
    unset HOME
    export TMPDIR=$work/nowhere XDG_CACHE_HOME=/dev/null FEATURESCOPE_LOCALE=C
    # In a locale of C an argument has to be ASCII, so the script is a file.
    host_prelude "$host" "$profile" > "$work/names.scm"
    cat >> "$work/names.scm" << END
        (define image (load-image "$work/cat.png"))
        (define layer (first-layer image))
        (define (classify model)
          (check model "stop sign" (result (call "plug-in-featurescope-classify" image layer "model" model) "label")))
        (define (project model data)
          (call "plug-in-featurescope-project" image layer "model" model "layer" "relu2" "count" 1 "data" data))
        $calls
        (define values (call "plug-in-featurescope-top" image layer "images" "$work/one" "layer" "relu2"
                             "choose" "list" "maps" "0"))
        (check "pictures" 1 (result values "images"))
        (test-ok)
END
    batch "(load \"$work/names.scm\")"
)
check "models and results with any name, in a locale of C, without HOME and TMPDIR" said "TEST OK"
check "their results are there" test "$(find "$out" -maxdepth 1 -name '*.npy' -size +1k -printf x)" = xxxxxx
check "a cache that is none is one remark" test "$(grep -c "The index of the folder cannot be kept" "$log")" = 1

# --- too little memory: of addresses, for the plug-in alone, as GIMP itself may end where it has none

# small KILOBYTES COMMAND...
plug_in=$profile/plug-ins/featurescope
small() {
    mv "$plug_in/featurescope" "$plug_in/whole"
    printf '#!/bin/sh\nulimit -v %s\nexec "%s/whole" "$@"\n' "$1" "$plug_in" > "$plug_in/featurescope"
    chmod +x "$plug_in/featurescope"
    shift
    "$@"
    mv "$plug_in/whole" "$plug_in/featurescope"
}
"$build/tests/gimp/wide-model" "$work/wide.onnx" || exit 2
mkdir "$work/large"
cp "$work/cat.jpg" "$work/large/a.jpg"
printf 'P6 18000 18000 255\n' > "$work/large/b.ppm" # 972 MB of nothing
truncate -s $((18000 * 18000 * 3 + 19)) "$work/large/b.ppm"
small 1500000 batch "$(host_prelude "$host" "$profile")
    (define image (load-image \"$work/cat.png\"))
    (define layer (first-layer image))
    (define before (length (top-layers image)))
    (define (without procedure . pairs)
      (check-error procedure \"not enough memory\"
                   (error-of (apply call (append (list procedure image layer \"model\" \"$work/wide.onnx\") pairs)))))
    (without \"plug-in-featurescope-project\" \"layer\" \"maps\")
    (without \"plug-in-featurescope-occlusion\")
    (without \"plug-in-featurescope-classify\")
    (check \"layers\" before (length (top-layers image)))
    (check \"a smaller one\" \"stop sign\" (result (call \"plug-in-featurescope-classify\" image layer) \"label\"))
    (define values (call \"plug-in-featurescope-top\" image layer \"images\" \"$work/large\" \"layer\" \"relu2\"
                         \"choose\" \"list\" \"maps\" \"0\"))
    (check \"pictures\" 1 (result values \"images\"))
    (test-ok)"
check "with too little memory there is a sentence, and the image stays" said "TEST OK"
check "a picture that is too large is named" said "Not enough memory to read pixels"
small 1500000 folder "$work/large" "$out/large" classify "count 1"
check "so it is by the folder's action" said "Featurescope: 1 done, 1 skipped"

# less than GEGL needs to start, which would end the process
small 590000 batch "$(host_prelude "$host" "$profile")
    (define image (load-image \"$work/cat.png\"))
    (check-error \"classify\" \"not enough memory: this process may have 604 MB\"
                 (error-of (call \"plug-in-featurescope-classify\" image (first-layer image))))
    (test-ok)"
check "with less than GEGL needs there is a sentence too" said "TEST OK"

# --- a model's name that is not UTF-8

cp "$root/models/default.onnx" "$models/"$'not-utf8-\xe9.onnx'
host_prelude "$host" "$profile" > "$work/odd.scm"
cat >> "$work/odd.scm" << END
    (define image (load-image "$work/cat.png"))
    (define layer (first-layer image))
    (define (try name)
      (let ((text (error-of (call "plug-in-featurescope-classify" image layer "model" name))))
        (check "an error with a text" #t (and text (< 10 (string-length text))))
        (display text) (newline)))
    (try "$models/not-utf8-@.onnx")
    (check "the next one" "stop sign" (result (call "plug-in-featurescope-classify" image layer) "label"))
    (test-ok)
END
LC_ALL=C sed -i 's/-@\.onnx/-\xe9.onnx/' "$work/odd.scm"
batch "(load \"$work/odd.scm\")"
check "a model's name that is not UTF-8 is refused" said "TEST OK"

# --- a model and a picture that are cut to half of their length as soon as they are mapped

# cut FILE COMMAND...: by a library that does it
cut() (
    export CUT_MAPPED=$1 LD_PRELOAD=$build/tests/gimp/cut-mapped.so
    shift
    "$@"
)
cp "$root/models/default.onnx" "$models/cut.onnx"
cut "$models/cut.onnx" batch "$(host_prelude "$host" "$profile")
    (define image (load-image \"$work/cat.png\"))
    (define layer (first-layer image))
    (check-error \"classify\" \"was changed while it was read\"
                 (error-of (call \"plug-in-featurescope-classify\" image layer \"model\" \"$models/cut.onnx\")))
    (check \"layers\" 1 (length (top-layers image)))
    (check \"the next one\" \"stop sign\" (result (call \"plug-in-featurescope-classify\" image layer) \"label\"))
    (test-ok)"
check "a model that is cut while it is read is named" said "TEST OK"
mkdir "$work/cut"
for i in 1 2 3; do cp "$work/cat.jpg" "$work/cut/$i.jpg"; done
cut "$work/cut/2.jpg" folder "$work/cut" "$out/cut" classify "count 1"
check "so is a picture" said '2.jpg" is damaged'
check "and the others are done" said "Featurescope: 2 done, 1 skipped"

# --- a plug-in that is killed at any moment: the image stays, the next run is fine, nothing runs on

processes() { # PROGRAM: of this profile
    local link
    for link in /proc/[0-9]*/exe; do
        [ "$(readlink "$link" 2> /dev/null)" = "$profile/plug-ins/featurescope/$1" ] && basename "${link%/exe}"
    done
}
# Each process that it finds is killed after up to 0.7 s, the first as it starts.
killer() {
    local pid delay=0
    until [ -e "$work/stop" ]; do
        sleep 0.02
        for pid in $(processes featurescope); do
            sleep "0.$delay"
            kill -KILL "$pid" 2> /dev/null && touch "$work/killed.$pid"
            delay=$((RANDOM % 7))$((RANDOM % 10))
        done
    done
}
# of processes that are gone, and nobody uses them
segments() {
    awk 'NR > 1 && $7 == 0 { print $5 }' /proc/sysvipc/shm | while read -r pid; do [ -e "/proc/$pid" ] || echo "$pid"; done | wc -l
}
mkdir "$work/many"
for i in {1..40}; do cp "$work/cat.png" "$work/many/$i.png"; done
before=$(segments)
killer &
killer_pid=$!
batch "$(host_prelude "$host" "$profile")
    (define image (load-image \"$work/cat.png\"))
    (define layer (first-layer image))
    (define (try . arguments)
      (let* ((before (length (top-layers image)))
             (error (error-of (apply call arguments))))
        (check \"the image\" (if error before (+ before 1)) (length (top-layers image)))))
    (define (again n)
      (if (> n 0)
          (begin
            (try \"plug-in-featurescope-occlusion\" image layer \"size\" 12 \"step\" 2)
            (catch #f (call \"plug-in-featurescope-top\" image layer \"images\" \"$work/many\" \"layer\" \"relu3\"
                            \"choose\" \"list\" \"maps\" \"0\"))
            (again (- n 1)))))
    (again 6)
    (close-output-port (open-output-file \"$work/stop\"))
    (define (settle n) ; the last one may still be killed
      (if (and (> n 0) (error-of (call \"plug-in-featurescope-classify\" image layer))) (settle (- n 1))))
    (settle 20)
    (try \"plug-in-featurescope-project\" image layer \"layer\" \"relu2\" \"count\" 1)
    (define values (call \"plug-in-featurescope-top\" image layer \"images\" \"$work/many\" \"layer\" \"relu3\"
                         \"choose\" \"list\" \"maps\" \"0\"))
    (check \"pictures\" 40 (result values \"images\"))
    (test-ok)"
wait $killer_pid
killed=$(find "$work" -name 'killed.*' | wc -l)
check "runs that are killed ($killed of them): GIMP and the next run are fine" said "TEST OK"
check "many were" test "$killed" -ge 6
sleep 1
check "no process is left" test -z "$(processes featurescope)$(processes featurescope-decode)"
check "no shared memory is left" test "$(segments)" -le "$before"

echo "1..$number"
exit $bad
