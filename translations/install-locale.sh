#!/bin/sh
# install-locale.sh LOCALE FOLDER: copies the catalogues beside the plug-in; meson install calls it.
# SPDX-License-Identifier: GPL-3.0-or-later
set -e
mkdir -p "$DESTDIR$2/locale"
cp -R "$1/." "$DESTDIR$2/locale/"
find "$DESTDIR$2/locale" -type f ! -name '*.mo' -delete
