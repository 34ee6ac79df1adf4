/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.h: a picture as training keeps it: decoded, small, three bytes a pixel. */
#ifndef TRAIN_PICTURES_PICTURE_H
#define TRAIN_PICTURES_PICTURE_H

#include "pixels/axis.h"
#include <glib.h>

typedef struct {
    int width, height;
    guint8 rgb[]; /* height x width x 3, encoded R'G'B'; gray is three equal channels */
} Picture;

/* Decodes a file by GEGL. Its shorter side becomes at most `side`, by the mean over each
 * small pixel's area; transparent pixels are seen over white. Several threads may do this
 * at a time. g_free(). */
Picture *picture_read(const char *path, int side, GError **error);

gsize picture_bytes(const Picture *picture);

/* The box (left, top, width, height), in the picture's pixels, as side x side x 3
 * values R'G'B' of 0..1. The filter is a triangle, as wide as the larger of a pixel
 * of the picture and one of the result. flip: left becomes right. scratch: memory that
 * picture_cut() grows as it needs; one {0} a thread. */
typedef struct {
    double left, top, width, height;
} Cut;
typedef struct {
    Axis across, down;
    float *rows;
    gsize count; /* of floats in rows */
} Scratch;
void scratch_clear(Scratch *scratch);
void picture_cut(const Picture *picture,
                 const Cut *cut,
                 gboolean flip,
                 int side,
                 float *rgb,
                 Scratch *scratch);

/* The largest centred square, and all of the picture. */
Cut picture_centre(const Picture *picture);
Cut picture_whole(const Picture *picture);

#endif
