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

/* What a network is shown of a run's first drawable; nothing is read. look: not LOOK_NOT.
 * FALSE: the selection is not where it is needed. */
gboolean seen_region(
    const Run *run, ProcedureLook look, const Net *net, Region *region, GError **error);

/* The same in words, for a dialog. region NULL: no network is known. g_free() */
char *seen_words(const Run *run, ProcedureLook look, const Region *region);

/* The selection, as far as it lies in a run's first drawable. FALSE: there is none. */
gboolean seen_selected(const Run *run, GeglRectangle *part);

/* All of that drawable, height x width x 3 encoded R'G'B', its longer side of `side`
 * pixels at most. g_free(); NULL with an error. */
float *seen_small(const Run *run, int side, int *width, int *height, GError **error);

/* A text that changes with what is looked at: the layer's place, the selection's, and the
 * values of "model" and "fit", if the table has them. g_free() */
char *seen_key(const Run *run);

/* Most actions' answer to Procedure.looks_at. */
ProcedureLook seen_always(const ParamValues *values);

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
