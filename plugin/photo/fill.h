/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fill.h: what the sliding square of an occlusion shows instead of the photo. */
#ifndef FEATURESCOPE_PHOTO_FILL_H
#define FEATURESCOPE_PHOTO_FILL_H

#include <glib.h>

/* All pictures are height x width x 3 encoded R'G'B'. */

/* The paper's gray. */
#define FILL_GRAY "#808080"

/* text: "#rrggbb", checked already. */
void fill_color(const char *text, gsize pixels, float *out);

/* The photo's mean colour everywhere. */
void fill_mean(const float *rgb, gsize pixels, float *out);

/* The photo through a Gaussian of this standard deviation; edges go on outside. FALSE
 * without memory. */
gboolean fill_blur(const float *rgb, int height, int width, double sigma, float *out);

#endif
