/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch.c: tells when a selection or a photo has changed. */

#include "photo/watch.h"
#include "base/procedure.h"
#include <string.h>

#define MASK_PIXELS (1 << 20) /* of a band */
#define PHOTO_PIXELS (1 << 19)

static void
bands_clear(WatchBands *bands)
{
    g_free(bands->hash);
    g_free(bands->known);
    *bands = (WatchBands){0};
}

void
watch_clear(Watch *watch)
{
    bands_clear(&watch->mask);
    bands_clear(&watch->pixels);
    watch->begun = FALSE;
}

/* Starts anew, for other bounds or other content: nothing is known of any band. */
static void
bands_start(WatchBands *bands, const GeglRectangle *bounds, gint64 each)
{
    gint64 pixels = (gint64)bounds->width * bounds->height;
    bands_clear(bands);
    bands->bounds = *bounds;
    bands->bands = (guint)MIN((pixels + each - 1) / each, bounds->height);
    bands->hash = g_new0(guint32, bands->bands);
    bands->known = g_new0(gboolean, bands->bands);
}

/* Values of a part of the bounds. FALSE: they cannot be read. */
typedef gboolean ReadBand(const Watch *watch, const GeglRectangle *rect, float *values);

static gboolean
read_mask(const Watch *watch, const GeglRectangle *rect, float *values)
{
    host_selection_read(watch->image, rect, values);
    return TRUE;
}

static gboolean
read_photo(const Watch *watch, const GeglRectangle *rect, float *values)
{
    /* GIMP ends whoever reads an item that is gone. */
    if (!host_item_exists(watch->photo))
        return FALSE;
    HostPixels *pixels = host_item_open(watch->photo, NULL);
    GeglRectangle place = host_item_rect(watch->photo), part = *rect;
    part.x -= place.x;
    part.y -= place.y;
    gboolean ok = pixels && host_pixels_read(pixels, &part, values, NULL);
    if (pixels)
        host_pixels_close(pixels);
    return ok;
}

/* FNV-1a, a word at a time. */
static guint32
hash_of(const float *values, gsize count)
{
    guint32 hash = 2166136261u;
    for (gsize i = 0; i < count; i++) {
        guint32 word;
        memcpy(&word, &values[i], sizeof word);
        hash = (hash ^ word) * 16777619u;
    }
    return hash;
}

/* Compares the next band with its earlier hash. */
static gboolean
bands_changed(
    const Watch *watch, WatchBands *bands, gsize channels, gint64 each, ReadBand *read)
{
    if (!bands->bands)
        return FALSE;
    guint band = bands->turn++ % bands->bands;
    GeglRectangle bounds = bands->bounds, rect = bounds;
    int from = (int)((gint64)bounds.height * band / bands->bands);
    rect.y += from;
    rect.height = (int)((gint64)bounds.height * (band + 1) / bands->bands) - from;
    gsize count = channels * (gsize)rect.width * (gsize)rect.height;
    float *values = g_try_new(float, count);
    if (!values)
        return TRUE;
    if (!read(watch, &rect, values)) {
        g_free(values);
        return FALSE;
    }
    guint32 hash = hash_of(values, count);
    gboolean changed = bands->known[band] && bands->hash[band] != hash;
    g_free(values);
    if (changed) {
        /* The other bands may have changed too: they are read anew. */
        bands_start(bands, &bounds, each);
        bands->turn = band + 1;
    }
    bands->hash[band] = hash;
    bands->known[band] = TRUE;
    return changed;
}

gboolean
watch_changed(Watch *watch)
{
    GeglRectangle bounds = {0, 0, 0, 0}, place = {0, 0, 0, 0};
    gboolean selected = host_selection(watch->image, &bounds), changed = !watch->begun;
    if (changed || selected != watch->selected ||
        !gegl_rectangle_equal(&bounds, &watch->mask.bounds)) {
        bands_start(&watch->mask, &bounds, MASK_PIXELS);
        changed = TRUE;
    }
    if (watch->photo)
        place = host_item_rect(watch->photo);
    if (!watch->begun || !gegl_rectangle_equal(&place, &watch->pixels.bounds)) {
        bands_start(&watch->pixels, &place, PHOTO_PIXELS);
        changed = TRUE;
    }
    watch->begun = TRUE;
    watch->selected = selected;
    if (selected && bands_changed(watch, &watch->mask, 1, MASK_PIXELS, read_mask))
        changed = TRUE;
    if (bands_changed(watch, &watch->pixels, 4, PHOTO_PIXELS, read_photo))
        changed = TRUE;
    return changed;
}

const char *
watch_gone(void)
{
    return _("The layer is gone, or its image was closed. "
             "If it comes back, this goes on.");
}
