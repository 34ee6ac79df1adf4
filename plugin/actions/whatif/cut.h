/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut.h: a picture, and how it looks with the selection filled.
 *
 * With a picture x, a selection's values m and a fill f, the network is shown the area
 * means of x (1 - m) + f m. The means of x (1 - m) and of m are taken from the photo at
 * its own size, so that a selection filled with one colour gives what filling it in the
 * editor would give; the fill is made at the network's size. */
#ifndef FEATURESCOPE_ACTIONS_WHATIF_CUT_H
#define FEATURESCOPE_ACTIONS_WHATIF_CUT_H

#include "photo/seen.h"

typedef struct {
    Seen seen;      /* the picture as it is */
    float *rest;    /* height x width x 3: what is left of it beside the selection */
    float *covered; /* height x width x 3: how much of each pixel is selected, 0 to 1 */
    double area;    /* sum of that in pixels of the network's; 0: it sees no selection */
} WhatifCut;

/* Looks at all of the drawable that the fit lets through. Nothing selected: nothing is
 * covered. The cut is zero after a failure. */
gboolean whatif_cut_take(WhatifCut *cut,
                         HostImage *image,
                         HostItem *drawable,
                         const Net *net,
                         Fit fit,
                         GError **error);
void whatif_cut_clear(WhatifCut *cut);

/* What the selection is filled with: the parameters "fill" and "color", and the host's
 * background colour, which is asked for here, on the main thread. */
typedef enum {
    WHATIF_COLOR,
    WHATIF_MEAN, /* of the whole picture */
    WHATIF_BLUR, /* the picture, so blurred that nothing as large as the selection stays
                  */
} WhatifFillKind;
typedef struct {
    WhatifFillKind kind;
    float color[3];
} WhatifFill;
extern const ParamChoice whatif_fills[];
WhatifFill whatif_fill(const ParamValues *values);

/* The filled picture: height x width x 3 R'G'B'. FALSE without memory. */
gboolean whatif_cut_fill(const WhatifCut *cut, const WhatifFill *fill, float *rgb);

#endif
