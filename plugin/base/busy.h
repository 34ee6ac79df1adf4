/* SPDX-License-Identifier: GPL-3.0-or-later */
/* busy.h: progress of long work, said in words. */
#ifndef FEATURESCOPE_BASE_BUSY_H
#define FEATURESCOPE_BASE_BUSY_H

#include "dcn.h"
#include <glib.h>

/* One stage of a run. It takes the host's bar from `from` to `to`. */
typedef struct {
    const char *text;    /* translated: "Occluding: position" */
    gsize count;         /* positions, pictures: adds "120 of 784"; 0: nothing to count */
    gboolean rate;       /* adds ", 85 a second" */
    double from, to;     /* of 0 to 1 */
    gint64 start, shown; /* microseconds; set by busy_start() */
} Busy;

/* Shows the text and starts the clock. The progress returned is for the core's
 * functions. */
DcnProgress busy_start(Busy *busy);

#endif
