/* whatif_watch.c: tells when a selection has changed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "whatif_watch.h"
#include <string.h>

#define BAND_PIXELS (1 << 20)

void
whatif_watch_clear(WhatifWatch *watch)
{
    g_free(watch->hash);
    g_free(watch->known);
    watch->hash = NULL;
    watch->known = NULL;
    watch->begun = FALSE;
}

/* Another selection: nothing of it is known. */
static void
start(WhatifWatch *watch, gboolean selected, const GeglRectangle *bounds)
{
    gint64 pixels = (gint64)bounds->width * bounds->height;
    whatif_watch_clear(watch);
    watch->begun = TRUE;
    watch->selected = selected;
    watch->bounds = *bounds;
    watch->turn = 0;
    watch->bands = (guint)MIN((pixels + BAND_PIXELS - 1) / BAND_PIXELS, bounds->height);
    watch->hash = g_new0(guint32, watch->bands);
    watch->known = g_new0(gboolean, watch->bands);
}

/* FNV-1a over the values, a word at a time. FALSE without memory. */
static gboolean
hash_band(const WhatifWatch *watch, guint band, guint32 *hash)
{
    gint64 height = watch->bounds.height, bands = watch->bands;
    int from = (int)(height * band / bands), to = (int)(height * (band + 1) / bands);
    GeglRectangle rect = {watch->bounds.x, watch->bounds.y + from, watch->bounds.width,
                          to - from};
    gsize pixels = (gsize)rect.width * (gsize)rect.height;
    float *mask = g_try_new(float, pixels);
    if (!mask)
        return FALSE;
    host_selection_read(watch->image, &rect, mask);
    *hash = 2166136261u;
    for (gsize i = 0; i < pixels; i++) {
        guint32 word;
        memcpy(&word, &mask[i], sizeof word);
        *hash = (*hash ^ word) * 16777619u;
    }
    g_free(mask);
    return TRUE;
}

gboolean
whatif_watch_changed(WhatifWatch *watch)
{
    GeglRectangle bounds = {0, 0, 0, 0};
    guint32 hash;
    gboolean selected = host_selection(watch->image, &bounds);
    gboolean changed = !watch->begun || selected != watch->selected ||
                       !gegl_rectangle_equal(&bounds, &watch->bounds);
    if (changed)
        start(watch, selected, &bounds);
    if (!selected || !watch->bands)
        return changed;
    guint band = watch->turn++ % watch->bands;
    if (!hash_band(watch, band, &hash))
        return TRUE;
    if (watch->known[band] && watch->hash[band] != hash) {
        /* What other bands held is no longer to be relied on. */
        start(watch, selected, &bounds);
        watch->turn = band + 1;
        changed = TRUE;
    }
    watch->hash[band] = hash;
    watch->known[band] = TRUE;
    return changed;
}
