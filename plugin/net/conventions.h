/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conventions.h: the ways in which pictures are commonly prepared for networks.
 *
 * guess.h assumes one of them, and a check feeds a photo by each (probe/check.h). */
#ifndef FEATURESCOPE_NET_CONVENTIONS_H
#define FEATURESCOPE_NET_CONVENTIONS_H

#include "dcn.h"
#include <glib.h>

typedef struct {
    const char *nick;  /* what scripts say; never translated */
    const char *label; /* N_(): whose it is */
    int channels;      /* 1 or 3 */
    gboolean bytes;    /* 0 ... 255, so that an input of whole numbers can take it */
    DcnPreprocessing how;
} Convention;

/* The most common first; ended by a nick of NULL. */
extern const Convention conventions[];

/* NULL: there is none of that nick for so many channels. */
const Convention *convention_find(const char *nick, int channels);

/* True if both feed the same, but for half a level of 256. */
gboolean convention_same(const DcnPreprocessing *a,
                         const DcnPreprocessing *b,
                         int channels);

/* Black is fed as low, white as high, in the order R G B. */
DcnPreprocessing convention_between(float low, float high);

#endif
