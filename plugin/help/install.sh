#!/bin/sh
# install.sh PAGES SOURCE FOLDER: puts the help beside a plug-in; meson install calls it.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PAGES   build folder that has the pages
# SOURCE  root of the sources, for the pictures
# FOLDER  of the plug-in; made below it: help/en/
set -e
help=$DESTDIR$3/help/en
mkdir -p "$help/images"
cp "$1"/*.html "$2/plugin/help/gimp-help.xml" "$help/"
cp "$2"/docs/images/*.jpg "$2"/docs/images/*.png "$help/images/"
