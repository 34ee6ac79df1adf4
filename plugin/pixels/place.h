/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.h: where a program's models, icons and translations are, and its helper. */
#ifndef FEATURESCOPE_PIXELS_PLACE_H
#define FEATURESCOPE_PIXELS_PLACE_H

/* The data folder of a program: FEATURESCOPE_DATA, or the nearest of its own folder and
 * up to three above that holds models/default.onnx (installed: its own; in a build tree:
 * further up); else its own. g_free() */
char *pixels_data_folder(const char *program);

/* The path of featurescope-decode: beside the program that runs, or in the build tree
 * that this lies in; where it should be if there is none. g_free() */
char *pixels_helper(void);

#endif
