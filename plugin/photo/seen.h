/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen.h: one layer of an image as a network sees it. */
#ifndef FEATURESCOPE_PHOTO_SEEN_H
#define FEATURESCOPE_PHOTO_SEEN_H

#include "base/procedure.h"
#include "net/net.h"
#include "photo/region.h"

typedef struct {
    Region region;
    float *rgb;   /* height x width x 3: what the network is shown, encoded R'G'B' */
    float *input; /* the same, preprocessed, in the network's layout */
} Seen;

/* pixels lie at `item` of the image; selection may be NULL. */
gboolean seen_take(Seen *seen,
                   HostPixels *pixels,
                   const GeglRectangle *item,
                   const GeglRectangle *selection,
                   const Net *net,
                   Fit fit,
                   GError **error);

/* The same of a run's drawable, inside the selection's bounding box. */
gboolean seen_of_drawable(
    Seen *seen, const Run *run, HostItem *drawable, const Net *net, GError **error);

void seen_clear(Seen *seen);

/* What of a run's first drawable is looked at, for a dialog: NULL where that is all of
 * it, as nothing is selected. g_free() */
char *seen_words(const Run *run);

/* The parameter "fit" of a table, for seen_of_drawable(). */
#define SEEN_FIT                                                                         \
    {                                                                                    \
        .name = "fit", .type = PARAM_CHOICE, .label = N_("_Fit"),                        \
        .blurb = N_("How the picture is brought to the network's proportions: the "      \
                    "largest centred part, all of it stretched, or all of it with bars " \
                    "in the network's neutral colour. With a selection, its bounding "   \
                    "box is the picture"),                                               \
        .text = "crop", .choices = seen_fits                                             \
    }
extern const ParamChoice seen_fits[];
Fit seen_fit(const ParamValues *values);

#endif
