/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy.h: raw numbers as NumPy's .npy files, which most programs for numbers read.
 *
 * Format 1.0: numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
#ifndef FEATURESCOPE_RESULT_NPY_H
#define FEATURESCOPE_RESULT_NPY_H

#include <glib.h>

typedef enum { NPY_FLOAT32, NPY_UINT32 } NpyType;

/* Writes a row-major array of rank 1 to 4, or leaves what was there: the file is written
 * under another name and then renamed. */
gboolean npy_write(const char *path,
                   NpyType type,
                   int rank,
                   const gsize *dim,
                   const void *values,
                   GError **error);

/* "maps.npy" and "tabby" make "maps-tabby.npy"; what file names cannot hold becomes "_".
 * An empty suffix: the path, with ".npy" added if it has no such ending. g_free(). */
char *npy_path(const char *path, const char *suffix);

#endif
