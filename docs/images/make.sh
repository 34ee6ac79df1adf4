#!/bin/sh
# make.sh BUILD PHOTO: makes the guide's pictures of results: layers.jpg, methods.jpg, occlusion.jpg, figure.jpg, animation.png.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PHOTO   the cat: scikit-image's chelsea.png (CC0); ../shared/photos/cat.jpg
#
# cup.jpg and demo.jpg are figures that ./run demo writes. The windows are taken under Xvfb by
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

# Finished figures are taken as they are.
figure() { # OUT PROCEDURE [NAME=VALUE...]
    out=$1
    shift
    result "figure-$out" "$@" target=figure figure-width=1200
    convert "$folder/figure-$out/flat.png" -strip -quality 88 "$here/$out"
}
figure occlusion.jpg occlusion show=all size=32
figure figure.jpg project layer=relu5 figure-theme=dark

result animation occlusion target=animation frames=50
convert "$folder/animation/10.png" -strip -colors 128 "$here/animation.png"
