/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch.h: tells when a selection or a photo has changed, by looking now and then.
 *
 * Hosts tell nobody. A look reads the bounds of both and, inside of each, one band: of
 * the selection's mask about a million pixels, of the photo half as many, which cost
 * more; bands take turns. A new shape of the selection shows in its bounds nearly always
 * and at once; a change inside of the same bounds after as many looks as there are bands,
 * at the latest. */
#ifndef WHATIF_WATCH_H
#define WHATIF_WATCH_H

#include "host.h"

/* What is known of one of them. */
typedef struct {
    GeglRectangle bounds;
    guint bands, turn;
    guint32 *hash;   /* of each band, of those that were seen */
    gboolean *known; /* bands that were seen */
} WhatifBands;

typedef struct {
    HostImage *image;
    HostItem *photo; /* NULL: only the selection is looked at */
    gboolean begun, selected;
    WhatifBands mask, pixels;
} WhatifWatch;

/* Whether one is another than at the last look; TRUE at the first. Without memory for a
 * band it says so always. A photo that cannot be read has not changed. */
gboolean whatif_watch_changed(WhatifWatch *watch);
void whatif_watch_clear(WhatifWatch *watch);

#endif
