/* SPDX-License-Identifier: GPL-3.0-or-later */
/* look.h: one layer of an image as a network sees it. */
#ifndef LOOK_H
#define LOOK_H

#include "base/procedure.h"
#include "net/net.h"
#include "photo/region.h"

typedef struct {
    Region region;
    float *rgb;   /* height x width x 3: what the network is shown, encoded R'G'B' */
    float *input; /* the same, preprocessed, in the network's layout */
} Look;

/* pixels lie at `item` of the image; selection may be NULL. */
gboolean look_take(Look *look,
                   HostPixels *pixels,
                   const GeglRectangle *item,
                   const GeglRectangle *selection,
                   const Net *net,
                   Fit fit,
                   GError **error);

/* The same of a run's drawable, inside the selection's bounding box. */
gboolean look_at(
    Look *look, const Run *run, HostItem *drawable, const Net *net, GError **error);

void look_clear(Look *look);

/* The parameter "fit" of a table, for look_at(). */
#define LOOK_FIT                                                                         \
    {                                                                                    \
        .name = "fit", .type = PARAM_CHOICE, .label = N_("_Fit"),                        \
        .blurb = N_("How the picture is brought to the network's proportions: the "      \
                    "largest centred part, all of it stretched, or all of it with bars " \
                    "in the network's neutral colour. With a selection, its bounding "   \
                    "box is the picture"),                                               \
        .text = "crop", .choices = look_fits                                             \
    }
extern const ParamChoice look_fits[];
Fit look_fit(const ParamValues *values);

#endif
