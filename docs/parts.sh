#!/bin/bash
# parts.sh SET FOLDER OUT: the pictures and masks of docs/experiments.md, section 8. SPDX-License-Identifier: GPL-3.0-or-later
#
# SET     dogs or faces: lines of parts.csv, which has for each picture the square that is cut out of it, the middles of
#         the eyes (right and left as of the one who looks out of the picture) and of the nose, and the side of a part
# FOLDER  of the pictures
# OUT     becomes OUT/pictures and OUT/masks, with a folder for each part. Needs ImageMagick.
set -euo pipefail
wanted=$1 folder=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out/pictures" "$out/masks/"{"right eye","left eye",nose}
while IFS=, read -r set file crop crop_x crop_y right_x right_y left_x left_y nose_x nose_y part; do
    [ "$set" = "$wanted" ] || continue
    name=${file%.*}.png
    convert "$folder/$file" +repage -crop "${crop}x$crop+$crop_x+$crop_y" +repage -strip "$out/pictures/$name"
    for one in "right eye:$right_x:$right_y" "left eye:$left_x:$left_y" "nose:$nose_x:$nose_y"; do
        IFS=: read -r what x y <<< "$one"
        x=$((x - part / 2 - crop_x)) y=$((y - part / 2 - crop_y))
        convert -size "${crop}x$crop" xc:black -fill white \
            -draw "rectangle $x,$y $((x + part - 1)),$((y + part - 1))" "$out/masks/$what/$name"
    done
done < "$here/parts.csv"
