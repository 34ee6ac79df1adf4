/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch.h: finds out when a selection or a photo has changed.
 *
 * Hosts do not report changes, so both are compared with their earlier state at
 * intervals. One call reads the bounds of both and, inside of each, one band: of the
 * selection's mask about a million pixels, of the photo half as many, as those cost more.
 * Each call reads the next band. A new shape of the selection nearly always shows in its
 * bounds, at once; a change inside of the same bounds shows after as many calls as there
 * are bands, at the latest. */
#ifndef FEATURESCOPE_PHOTO_WATCH_H
#define FEATURESCOPE_PHOTO_WATCH_H

#include "host.h"

/* What is known of one of them. */
typedef struct {
    GeglRectangle bounds;
    guint bands, turn;
    guint32 *hash;   /* of each band, of those that were seen */
    gboolean *known; /* bands that were seen */
} WatchBands;

typedef struct {
    HostImage *image;
    HostItem *photo; /* NULL: only the selection is looked at */
    gboolean begun, selected;
    WatchBands mask, pixels;
} Watch;

/* TRUE if the selection or the photo differs from what it was at the last call, at the
 * first call, and without memory for a band. A photo that cannot be read has not
 * changed. */
gboolean watch_changed(Watch *watch);
void watch_clear(Watch *watch);

/* What a window says that has lost what it looks at. */
const char *watch_gone(void);

#endif
