/* SPDX-License-Identifier: GPL-3.0-or-later */
/* helper.h: processes of featurescope-decode, in which other people's loaders read files.
 *
 * Each thread that decodes has one to itself; those that have nothing to do are kept for
 * the next. A file on which one ends, or takes too long, costs that process only: the
 * next file gets a new one. */
#ifndef FEATURESCOPE_PIXELS_HELPER_H
#define FEATURESCOPE_PIXELS_HELPER_H

#include "pixels/wire.h"

typedef enum {
    HELPER_ANSWERED,
    HELPER_MISSING, /* it cannot be started; see `error` */
    HELPER_ENDED,   /* with exit status `number` */
    HELPER_KILLED,  /* by signal `number` */
    HELPER_LATE,    /* it was ended after WIRE_SECONDS, or WIRE_WAIT_SECONDS */
} HelperEnd;

/* Has an open file decoded, and waits for that. memory: file descriptor of the pixels if
 * there is an answer with a picture. number: see above. Several threads may ask. */
HelperEnd helper_ask(
    int file, WireAnswer *answer, int *memory, int *number, GError **error);

#endif
