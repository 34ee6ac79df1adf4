#!/bin/sh
# install-beside.sh PROGRAM FOLDER: copies a program beside a plug-in; meson install calls it.
# SPDX-License-Identifier: GPL-3.0-or-later
set -e
mkdir -p "$DESTDIR$2"
cp "$1" "$DESTDIR$2/"
