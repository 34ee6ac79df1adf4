/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut.c: a picture, and how it looks with the selection filled. */

#include "actions/whatif/cut.h"
#include "base/fail.h"
#include "photo/fill.h"
#include <math.h>

const ParamChoice whatif_fills[] = {
    {"color", N_("A colour")},
    {"mean", N_("The photo's mean colour")},
    {"blur", N_("The photo, blurred")},
    {"background", N_("The background colour")},
    {NULL, NULL},
};

WhatifFill
whatif_fill(const ParamValues *values)
{
    WhatifFill fill = {WHATIF_COLOR, {0}};
    if (param_is(values, "fill", "mean"))
        fill.kind = WHATIF_MEAN;
    else if (param_is(values, "fill", "blur"))
        fill.kind = WHATIF_BLUR;
    else if (param_is(values, "fill", "background"))
        host_background(fill.color);
    else
        fill_color(param_text(values, "color"), 1, fill.color);
    return fill;
}

/* --- reading --- */

typedef struct {
    HostImage *image;
    GeglRectangle bounds; /* of the selection; empty: none */
    float *mask;          /* of a strip */
    gsize room;
    gboolean failed;
} Edit;

/* The selection's values in a strip; NULL: none is selected in it. */
static const float *
mask_of(Edit *edit, const GeglRectangle *rect)
{
    gsize pixels = (gsize)rect->width * (gsize)rect->height;
    if (!gegl_rectangle_intersect(NULL, rect, &edit->bounds))
        return NULL;
    if (pixels > edit->room) {
        g_free(edit->mask);
        edit->mask = g_try_new(float, pixels);
        edit->room = edit->mask ? pixels : 0;
    }
    edit->failed = edit->failed || !edit->mask;
    if (edit->mask)
        host_selection_read(edit->image, rect, edit->mask);
    return edit->mask;
}

static float
unit(float value)
{
    return value > 0 ? MIN(value, 1) : 0; /* and a NaN becomes 0 */
}

/* What is not selected, seen over white as all pictures are. */
static void
keep_rest(void *user, const GeglRectangle *rect, float *rgba)
{
    const float *mask = mask_of(user, rect);
    gsize pixels = (gsize)rect->width * (gsize)rect->height;
    for (gsize i = 0; mask && i < pixels; i++, rgba += 4) {
        float alpha = unit(rgba[3]), left = 1 - unit(mask[i]);
        for (int c = 0; c < 3; c++)
            rgba[c] = left * (unit(rgba[c]) * alpha + 1 - alpha);
        rgba[3] = 1;
    }
}

/* The selection itself as a picture. */
static void
show_mask(void *user, const GeglRectangle *rect, float *rgba)
{
    const float *mask = mask_of(user, rect);
    gsize pixels = (gsize)rect->width * (gsize)rect->height;
    for (gsize i = 0; i < pixels; i++, rgba += 4) {
        rgba[0] = rgba[1] = rgba[2] = mask ? unit(mask[i]) : 0;
        rgba[3] = 1;
    }
}

static gboolean
read_parts(WhatifCut *cut,
           HostImage *image,
           HostPixels *pixels,
           const GeglRectangle *item,
           const Net *net,
           GError **error)
{
    static const float black[3];
    const Region *region = &cut->seen.region;
    gsize count = net_pixels(net) * 3;
    Edit edit = {.image = image};
    float bars[3];
    net_neutral(net, bars);
    cut->rest = g_try_new(float, count);
    cut->covered = g_try_new0(float, count);
    if (!cut->rest || !cut->covered)
        return fail_run(error, _("There is not enough memory for the network's input."));
    if (!host_selection(image, &edit.bounds) ||
        !gegl_rectangle_intersect(NULL, &edit.bounds, &region->photo)) {
        for (gsize i = 0; i < count; i++)
            cut->rest[i] = cut->seen.rgb[i];
        return TRUE;
    }
    gboolean ok = region_read_edited(region, pixels, item->x, item->y, bars, keep_rest,
                                     &edit, cut->rest, error) &&
                  region_read_edited(region, pixels, item->x, item->y, black, show_mask,
                                     &edit, cut->covered, error);
    if (ok && edit.failed)
        ok = fail_run(error, _("There is not enough memory to read the selection."));
    for (gsize i = 0; ok && i < count; i += 3)
        cut->area += (double)cut->covered[i];
    g_free(edit.mask);
    return ok;
}

gboolean
whatif_cut_take(WhatifCut *cut,
                HostImage *image,
                HostItem *drawable,
                const Net *net,
                Fit fit,
                GError **error)
{
    *cut = (WhatifCut){0};
    GeglRectangle item = host_item_rect(drawable);
    HostPixels *pixels = host_item_open(drawable, error);
    gboolean ok = pixels && seen_take(&cut->seen, pixels, &item, NULL, net, fit, error) &&
                  read_parts(cut, image, pixels, &item, net, error);
    host_pixels_close(pixels);
    if (!ok)
        whatif_cut_clear(cut);
    return ok;
}

void
whatif_cut_clear(WhatifCut *cut)
{
    seen_clear(&cut->seen);
    g_free(cut->rest);
    g_free(cut->covered);
    *cut = (WhatifCut){0};
}

/* --- filling --- */

gboolean
whatif_cut_fill(const WhatifCut *cut, const WhatifFill *fill, float *rgb)
{
    int height = cut->seen.region.height, width = cut->seen.region.width;
    gsize pixels = (gsize)height * (gsize)width;
    gboolean ok = TRUE;
    if (fill->kind == WHATIF_MEAN)
        fill_mean(cut->seen.rgb, pixels, rgb);
    else if (fill->kind == WHATIF_BLUR)
        ok = fill_blur(cut->seen.rgb, height, width, MAX(1, sqrt(cut->area) / 2), rgb);
    else
        for (gsize i = 0; i < 3 * pixels; i++)
            rgb[i] = fill->color[i % 3];
    for (gsize i = 0; ok && i < 3 * pixels; i++)
        rgb[i] = cut->rest[i] + cut->covered[i] * rgb[i];
    return ok;
}
