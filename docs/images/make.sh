#!/bin/sh
# make.sh BUILD PHOTO: makes the guide's pictures of results: layers.jpg, methods.jpg, occlusion.jpg, animation.png.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PHOTO   the cat: scikit-image's chelsea.png (CC0); ../shared/photos/cat.jpg
#
# cat.jpg and demo.jpg are overviews that ./run demo writes. The windows are taken under Xvfb by
# tests/gimp/shot.sh and cut out. Needs ImageMagick.
set -e
here=$(cd "$(dirname "$0")" && pwd)
export FEATURESCOPE_DATA="$here/../.."
run=$1/tests/plugin/run photo=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# result NAME PROCEDURE [NAME=VALUE...]: the top layer of a run
result() {
    name=$1 procedure=$2
    shift 2
    mkdir "$folder/$name"
    "$run" "$procedure" "$photo" "$folder/$name" "$@" > "$folder/$name/text" 2>&1 ||
        { cat "$folder/$name/text" >&2; exit 1; }
}
row() { # OUT PICTURE...
    out=$1
    shift
    montage "$@" -geometry 240x240+4+4 -tile x1 -background white "$here/$out"
    mogrify -quality 88 "$here/$out"
}

for layer in relu1 relu3 relu5 relu7; do result $layer project layer=$layer; done
convert "$photo" -gravity center -crop 300x300+0+0 +repage "$folder/photo.png"
row layers.jpg "$folder/photo.png" "$folder"/relu[1357]/00.png
for method in deconvnet guided gradient; do result $method project unit=map method=$method; done
row methods.jpg "$folder/photo.png" "$folder/deconvnet/00.png" "$folder/guided/00.png" "$folder/gradient/00.png"

result animation occlusion target=animation frames=50
convert "$folder/animation/10.png" -strip -colors 128 "$here/animation.png"

# Probability, class, activity, each with the legend above it, then the projection.
result occlusion occlusion show=all size=32
for pair in 2:1 4:3 6:5; do
    map=$(printf '%s/occlusion/%02d.png' "$folder" "${pair%:*}")
    legend=$(printf '%s/occlusion/%02d.png' "$folder" "${pair#*:}")
    convert "$folder/photo.png" \( "$map" -alpha set -channel A -evaluate multiply 0.65 +channel \) -composite \
        -gravity southwest "$legend" -geometry +6+6 -composite "$folder/map${pair%:*}.png"
done
convert "$folder/occlusion/07.png" "$folder/map7.png"
row occlusion.jpg "$folder/map6.png" "$folder/map7.png" "$folder/map2.png" "$folder/map4.png"
