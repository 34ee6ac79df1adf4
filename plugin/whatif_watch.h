/* whatif_watch.h: tells when a selection has changed, by looking now and then.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hosts tell nobody. A look reads the bounds and, inside of them, one band of the mask of
 * about a million pixels; bands take turns. A new shape shows in the bounds nearly
 * always and at once; a change inside a large selection of the same bounds after as many
 * looks as there are bands, at the latest. */
#ifndef WHATIF_WATCH_H
#define WHATIF_WATCH_H

#include "host.h"

typedef struct {
    HostImage *image;
    gboolean begun, selected;
    GeglRectangle bounds;
    guint bands, turn;
    guint32 *hash;   /* of each band, of those that were seen */
    gboolean *known; /* bands that were seen */
} WhatifWatch;

/* Whether it is another one than at the last look; TRUE at the first. Without memory for
 * a band it says so always. */
gboolean whatif_watch_changed(WhatifWatch *watch);
void whatif_watch_clear(WhatifWatch *watch);

#endif
