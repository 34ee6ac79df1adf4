/* SPDX-License-Identifier: GPL-3.0-or-later */
/* part.c: a marked part of a picture, at a network's size. */

#include "photo/part.h"
#include "base/fail.h"
#include <string.h>

static const float black[3];

/* Of R'G'B', the first one. */
static void
take_red(const float *rgb, gsize pixels, float *mask)
{
    for (gsize i = 0; i < pixels; i++)
        mask[i] = rgb[3 * i];
}

typedef struct {
    HostImage *image;
    gboolean failed;
} Selection;

/* The selection in the place of the photo. */
static void
show_selection(void *user, const GeglRectangle *rect, float *rgba)
{
    Selection *selection = user;
    gsize pixels = (gsize)rect->width * (gsize)rect->height;
    float *mask = g_try_new(float, pixels);
    selection->failed = selection->failed || !mask;
    if (mask)
        host_selection_read(selection->image, rect, mask);
    for (gsize i = 0; i < pixels; i++, rgba += 4) {
        rgba[0] = rgba[1] = rgba[2] = mask ? mask[i] : 0;
        rgba[3] = 1;
    }
    g_free(mask);
}

gboolean
part_of_selection(const Region *region,
                  HostImage *image,
                  HostPixels *pixels,
                  const GeglRectangle *item,
                  float *mask,
                  GError **error)
{
    gsize count = (gsize)region->width * (gsize)region->height;
    Selection selection = {.image = image};
    float *rgb = g_try_new(float, count * 3);
    gboolean ok = rgb && region_read_edited(region, pixels, item->x, item->y, black,
                                            show_selection, &selection, rgb, error);
    if (!rgb || (ok && selection.failed))
        ok = fail_run(error, _("There is not enough memory to read the selection."));
    if (ok)
        take_red(rgb, count, mask);
    g_free(rgb);
    return ok;
}

gboolean
part_of_picture(
    HostPixels *pixels, Fit fit, int width, int height, float *mask, GError **error)
{
    Region region;
    GeglRectangle rect = {0};
    gsize count = (gsize)width * (gsize)height;
    host_pixels_size(pixels, &rect.width, &rect.height);
    float *rgb = g_try_new(float, count * 3);
    gboolean ok =
        (rgb || fail_run(error, _("There is not enough memory to read the photo."))) &&
        region_find(&region, &rect, NULL, fit, width, height, error) &&
        region_read(&region, pixels, 0, 0, black, rgb, error);
    if (ok)
        take_red(rgb, count, mask);
    g_free(rgb);
    return ok;
}

GeglRectangle
part_box(const float *mask, int width, int height)
{
    int left = width, top = height, right = 0, bottom = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            if (*mask++ > 0) {
                left = MIN(left, x);
                top = MIN(top, y);
                right = MAX(right, x + 1);
                bottom = MAX(bottom, y + 1);
            }
    if (right <= left)
        return (GeglRectangle){0, 0, 0, 0};
    return (GeglRectangle){left, top, right - left, bottom - top};
}

void
part_move(const float *mask,
          const GeglRectangle *box,
          int width,
          int height,
          int x,
          int y,
          float *moved)
{
    memset(moved, 0, (gsize)width * (gsize)height * sizeof *moved);
    for (int v = 0; v < box->height; v++)
        memcpy(moved + (gsize)(y + v) * (gsize)width + x,
               mask + (gsize)(box->y + v) * (gsize)width + box->x,
               (gsize)box->width * sizeof *moved);
}

void
part_cover(
    const float *rgb, const float *fill, const float *mask, gsize pixels, float *out)
{
    for (gsize i = 0; i < 3 * pixels; i++)
        out[i] = rgb[i] + mask[i / 3] * (fill[i] - rgb[i]);
}
