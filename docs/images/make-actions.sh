#!/bin/bash
# make-actions.sh BUILD [CHECKPOINTS]: the pictures of docs/filters.md, top.md, evidence.md, judge.md, compare.md, invariance.md, correspondence.md and,
# with the folder that featurescope-train made of pretrain.ini, evolution.md.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Needs ImageMagick and ../shared (the photos
# and SqueezeNet). The photos are CC0 or in the public domain; see the pages.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
run=$(cd "$1" && pwd)/tests/plugin/run
photos=$root/../shared/photos
squeezenet=$root/../shared/models/squeezenet1.1.onnx
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 XDG_CACHE_HOME=$work/cache FEATURESCOPE_DATA=$root

# action NAME PROCEDURE ARGUMENT...: layers in $work/NAME, one a line in $work/NAME/list, the top first
action() {
    mkdir -p "$work/$1"
    "$run" "$2" "$photos/cat.jpg" "$work/$1" "${@:3}" 2> /dev/null | grep '^/.*\.png.*+' > "$work/$1/list"
}

# flat NAME: all layers of an action as one picture
flat() {
    local size file name rect arguments
    size=$(tail -n 1 "$work/$1/list" | cut -f 3 | sed 's/×/x/; s/+.*//')
    arguments=(-size "$size" xc:white)
    while IFS=$'\t' read -r file name rect _; do
        arguments+=("$file" -geometry "+${rect#*+}" -composite)
    done < <(tac "$work/$1/list")
    convert "${arguments[@]}" "$work/$1/flat.png"
}

action filters filters
convert "$work/filters/00.png" -strip -colors 200 "$root/docs/images/filters.png"

# The strongest nine need more pictures than four: crops of them.
mkdir "$work/crops"
for name in cat coffee rocket; do
    for size in 150x150 100x100; do
        convert "$photos/$name.jpg" -crop $size +repage "$work/crops/$name-$size-%02d.png"
    done
done
action top top "images=$work/crops" layer=relu5 count=2 tile=80
flat top
convert "$work/top/flat.png" -strip -quality 88 "$root/docs/images/top.jpg"

# Checkpoints of a training: the files of pretrain.ini after epochs 1, 2, 4, 8, 16 and 32.
if [ -n "${2-}" ]; then
    mkdir "$work/checkpoints"
    for epoch in 001 002 004 008 016 032; do cp "$2/epoch-$epoch.onnx" "$work/checkpoints"; done
    action evolution evolution "checkpoints=$work/checkpoints" layer=relu5 count=4
    convert "$work/evolution/00.png" -strip -quality 88 "$root/docs/images/evolution.jpg"
fi

cp "$squeezenet" "$work/squeezenet.onnx"
printf '[model]\nname=SqueezeNet 1.1\n[input]\norder=BGR\nrange=0;255\nmean=104;117;123\n' \
    > "$work/squeezenet.ini"
action evidence evidence "model=$work/squeezenet.onnx" count=3 target=figure figure-width=1200
convert "$work/evidence/flat.png" -strip -quality 90 "$root/docs/images/evidence.jpg"
action whatif whatif select=210,160,110,110 target=figure figure-width=1000
convert "$work/whatif/flat.png" -strip -quality 90 "$root/docs/images/whatif-figure.jpg"

action judge judge "model=$work/squeezenet.onnx"
convert "$photos/cat.jpg" -fill '#c8a07a' -draw 'circle 172,138 172,170' "$work/edited.png"
mkdir "$work/compare"
"$run" compare "$photos/cat.jpg;$work/edited.png" "$work/compare" against=layer "model=$work/squeezenet.onnx"
convert "$work/compare/00.png" -strip -quality 90 "$root/docs/images/compare.jpg"
convert "$work/judge/00.png" -strip -quality 90 "$root/docs/images/judge.jpg"

mkdir "$work/photos"
cp "$photos"/{cat,coffee,rocket}.jpg "$work/photos"
action invariance invariance "model=$work/squeezenet.onnx" pictures=folder "folder=$work/photos"
convert "$work"/invariance/0[0-3].png -append -resize 1200x -strip -colors 255 "$root/docs/images/invariance.png"
# One cat in three ways, and its parts: as it is; turned and darker; mirrored and brighter, so that right is left.
for part in "right eye:136,81 206,151" "left eye:283,102 353,172" "nose:227,205 297,275"; do
    mkdir -p "$work/masks/${part%%:*}"
    convert -size 451x300 xc:black -fill white -draw "rectangle ${part##*:}" "$work/${part%%:*}.png"
done
three() { # PICTURE OUTDIR [OPTION...]: by name
    convert "$1" -gravity center -crop 300x300+20+0 +repage "$2/1.png"
    convert "$1" "${@:3}" -virtual-pixel edge -distort SRT 14 -gravity center -crop 300x300+20+0 +repage "$2/2.png"
    convert "$1" "${@:3}" -flop -gravity center -crop 300x300-20+0 +repage "$2/3.png"
}
mkdir "$work/three"
three "$photos/cat.jpg" "$work/three"
convert "$work/three/2.png" -modulate 70 "$work/three/2.png"
convert "$work/three/3.png" -modulate 120 "$work/three/3.png"
for part in "right eye" "left eye" nose; do three "$work/$part.png" "$work/masks/$part"; done
mv "$work/masks/right eye/3.png" "$work/3.png"
mv "$work/masks/left eye/3.png" "$work/masks/right eye/3.png"
mv "$work/3.png" "$work/masks/left eye/3.png"
action correspondence correspondence "model=$work/squeezenet.onnx" "layers=fire5/concat;pool10" pictures=folder \
    "folder=$work/three" "masks=$work/masks" draws=50
convert "$work"/correspondence/0[01].png -append -strip -colors 255 "$root/docs/images/correspondence.png"
ls -l "$root"/docs/images/{filters.png,top.jpg,evolution.jpg,evidence.jpg,judge.jpg,compare.jpg,invariance.png,correspondence.png,whatif-figure.jpg}
