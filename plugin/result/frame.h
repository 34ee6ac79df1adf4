/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame.h: where results lie, and at which size.
 *
 * As layers of the photo, results cover what the network saw of it, in the photo's pixels:
 * of 24 megapixels each. In a new image, that part of the photo is all there is, at the
 * network's size or at one that a person chose, and results lie above it:
 *
 *     photo, 6000 x 4000         new image, side=800
 *     +-----------------+        +---------+
 *     |   +---------+   |        | 800x800 |
 *     |   |  seen   |   |        | results |
 *     |   +---------+   |        | photo   |
 *     +-----------------+        +---------+ */
#ifndef FEATURESCOPE_RESULT_FRAME_H
#define FEATURESCOPE_RESULT_FRAME_H

#include "photo/seen.h"
#include "result/figure.h"
#include "result/results.h"

/* The parameters "target" and "side" of a table; other targets may stand beside
 * FRAME_TARGETS. */
#define FRAME_TARGETS                                                                    \
    {"layer", N_("Layers of the photo")}, {"image", N_("New image")}, FIGURE_TARGET
#define FRAME_TARGET                                                                     \
    {                                                                                    \
        .name = "target", .type = PARAM_CHOICE, .label = N_("_Kind of result"),          \
        .blurb = N_("Layers over the photo, in its pixels; or a new image of the part "  \
                    "that the network saw, which can be smaller; or a finished figure "  \
                    "with titles and a caption"),                                        \
        .text = "layer", .choices = frame_targets                                        \
    }
#define FRAME_SIDE                                                                       \
    {                                                                                    \
        .name = "side", .type = PARAM_INT, .label = N_("Longest _side"),                 \
        .blurb = N_("Of a new image, in pixels, at most as many as the photo has; 0: "   \
                    "as the network sees it"),                                           \
        .min = 0, .max = CARD_LARGEST_SIDE, .value = 0, .empty = N_("The network's"),    \
        .only_with = "target", .only_nicks = "image", .advanced = TRUE                   \
    }
extern const ParamChoice frame_targets[];

/* The parameter "zero" of a table, and what it asks for: pixels of a projection, painted
 * with zero as mid-gray, become transparent by as much as they are gray. Over mid-gray
 * they look as before. */
#define FRAME_ZERO                                                                       \
    {                                                                                    \
        .name = "zero", .type = PARAM_CHOICE, .label = N_("_Zero is"),                   \
        .blurb = N_("What is seen where a projection has no signal: gray, or the photo " \
                    "below, as gray becomes transparent"),                               \
        .text = "gray", .choices = frame_zeroes, .advanced = TRUE                        \
    }
extern const ParamChoice frame_zeroes[];
void frame_zero(const Run *run, HostLayer *projection);

/* The region where results of `seen` lie: it itself, or, in a new image, with the corner
 * of its photo at 0, 0. */
Region frame_region(const Run *run, const Region *seen);

/* What was seen of a drawable, width x height pixels for the rectangle. NULL with an
 * error. */
HostLayer *frame_photo(HostItem *drawable,
                       const Region *seen,
                       const GeglRectangle *rect,
                       int width,
                       int height,
                       GError **error);

/* layers_finish(), or a new image with the layers, in a group, above what was seen of each
 * of the run's drawables. seen: as many, of the photos. beside: a layer that a new image
 * has at the right of the photo, or NULL. */
gboolean frame_finish(const Run *run,
                      GPtrArray *layers,
                      const Region *seen,
                      HostLayer *beside,
                      const char *undo_name,
                      const char *group,
                      GError **error);

#endif
