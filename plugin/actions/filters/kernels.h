/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernels.h: the kernels of a convolution, and which of them are dead.
 *
 * A feature is dead by one of two signs. Its kernel is flat or near zero: the contrast
 * (the standard deviation of its weights) is far below the layer's median. Or its output
 * is zero almost everywhere on a folder of images. */
#ifndef FEATURESCOPE_ACTIONS_FILTERS_KERNELS_H
#define FEATURESCOPE_ACTIONS_FILTERS_KERNELS_H

#include "probe/batches.h"

typedef struct {
    double contrast, norm; /* standard deviation and length of the weights */
    double fires;        /* share of positions with an answer above zero; -1: not asked */
    double fires_images; /* share of images with at least one */
    gboolean flat, silent;
} Kernel;

typedef struct {
    const Net *net;
    NetLayer layer;
    char *answer;                       /* name of the tensor that holds the answers */
    gsize count, inputs, height, width; /* inputs: channels that a kernel sees */
    gsize channels, groups;             /* of the convolution's input */
    float *weights;                     /* count x inputs x height x width */
    Kernel *kernels;
    double median; /* of the contrasts */
    gsize images;  /* that were asked */
} Kernels;

/* layer: empty: the first convolution. */
gboolean kernels_open(Kernels *kernels, Net *net, const char *layer, GError **error);
void kernels_clear(Kernels *kernels);

/* Asks the images of a folder; of each what `fires` says. Files that cannot be read are
 * named to the user. */
gboolean kernels_ask_folder(
    Kernels *kernels, const Folder *folder, Fit fit, int threads, GError **error);

/* The same with one picture. */
gboolean kernels_ask_photo(Kernels *kernels,
                           const Seen *seen,
                           int threads,
                           GError **error);

/* Settles flat (contrast below this share of the median) and, if a folder was asked,
 * silent (fires at no more than this share of the positions). */
void kernels_judge(Kernels *kernels, double contrast, gboolean asked, double fires);

/* Numbers of the dead ones, in order: an array of gsize. */
GArray *kernels_dead(const Kernels *kernels);

#endif
