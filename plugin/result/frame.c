/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame.c: where results lie, and at which size. */

#include "result/frame.h"
#include "base/fail.h"
#include <math.h>

const ParamChoice frame_targets[] = {
    FRAME_TARGETS,
    {NULL, NULL},
};

const ParamChoice frame_zeroes[] = {
    {"gray", N_("Mid-gray")},
    {"clear", N_("Transparent")},
    {NULL, NULL},
};

void
frame_zero(const Run *run, HostLayer *projection)
{
    if (!param_is(run->values, "zero", "clear"))
        return;
    float *pixel = projection->pixels;
    gsize count = (gsize)projection->width * (gsize)projection->height;
    for (gsize i = 0; i < count; i++, pixel += 4) {
        float alpha = 0;
        for (int c = 0; c < 3; c++)
            alpha = fmaxf(alpha, 2 * fabsf(pixel[c] - 0.5f));
        for (int c = 0; c < 3 && alpha > 0; c++)
            pixel[c] = CLAMP(0.5f + (pixel[c] - 0.5f) / alpha, 0, 1);
        pixel[3] = alpha;
    }
}

/* --- the region --- */

static gboolean
is_new_image(const Run *run)
{
    return param_is(run->values, "target", "image");
}

static int
scaled(int size, double scale)
{
    return (int)fmax(1, floor(size * scale + 0.5));
}

Region
frame_region(const Run *run, const Region *seen)
{
    if (!is_new_image(run))
        return *seen;
    const GeglRectangle *all = &seen->seen, *photo = &seen->photo;
    double x_scale = (double)seen->width / all->width;
    double y_scale = (double)seen->height / all->height;
    int side = param_int(run->values, "side");
    if (side > 0)
        x_scale = y_scale = fmin(1, (double)side / MAX(photo->width, photo->height));
    Region region = *seen;
    region.photo = (GeglRectangle){0, 0, scaled(photo->width, x_scale),
                                   scaled(photo->height, y_scale)};
    region.seen.x = (int)floor((all->x - photo->x) * x_scale + 0.5);
    region.seen.y = (int)floor((all->y - photo->y) * y_scale + 0.5);
    region.seen.width = MAX(region.photo.width, scaled(all->width, x_scale));
    region.seen.height = MAX(region.photo.height, scaled(all->height, y_scale));
    return region;
}

/* --- a new image --- */

HostLayer *
frame_photo(HostItem *drawable,
            const Region *seen,
            const GeglRectangle *rect,
            int width,
            int height,
            GError **error)
{
    static const float bars[3] = {0.5f, 0.5f, 0.5f}; /* the photo has none */
    Region from = *seen;
    from.seen = from.photo;
    from.width = width;
    from.height = height;
    GeglRectangle item = host_item_rect(drawable);
    char *name = host_item_name(drawable);
    HostLayer *layer = host_layer_new(name, rect, width, height, 4);
    float *rgb = g_try_new(float, 3 * (gsize)width * (gsize)height);
    HostPixels *pixels = host_item_open(drawable, error);
    gboolean ok =
        pixels && ((layer && rgb) ||
                   fail_run(error, _("There is not enough memory for the result.")));
    ok = ok && region_read(&from, pixels, item.x, item.y, bars, rgb, error);
    for (gsize i = 0; ok && i < (gsize)width * (gsize)height; i++) {
        for (gsize c = 0; c < 3; c++)
            layer->pixels[4 * i + c] = rgb[3 * i + c];
        layer->pixels[4 * i + 3] = 1;
    }
    if (pixels)
        host_pixels_close(pixels);
    if (!ok)
        g_clear_pointer(&layer, host_layer_free);
    g_free(rgb);
    g_free(name);
    return layer;
}

gboolean
frame_finish(const Run *run,
             GPtrArray *layers,
             const Region *seen,
             HostLayer *beside,
             const char *undo_name,
             const char *group,
             GError **error)
{
    if (!is_new_image(run))
        return layers_finish(run, layers, undo_name, group, error);
    GPtrArray *photos = layers_new();
    int width = 1, height = 1;
    gboolean ok = TRUE;
    for (gsize i = 0; ok && i < run->n_drawables; i++) {
        GeglRectangle rect = frame_region(run, &seen[i]).photo;
        HostLayer *photo = frame_photo(run->drawables[i], &seen[i], &rect, rect.width,
                                       rect.height, error);
        ok = photo != NULL;
        if (photo)
            g_ptr_array_add(photos, photo);
    }
    for (guint i = 0; i < photos->len; i++) {
        const HostLayer *photo = g_ptr_array_index(photos, i);
        width = MAX(width, photo->width);
        height = MAX(height, photo->height);
    }
    if (beside) {
        beside->rect.x = width;
        beside->rect.y = 0;
        width += beside->rect.width;
        height = MAX(height, beside->rect.height);
    }
    LayersGroup groups[2] = {{layers->len > 1 ? group : NULL, layers}, {NULL, photos}};
    ok = ok && layers_finish_new(run, groups, 2, width, height, undo_name, error);
    g_ptr_array_unref(photos);
    return ok;
}
