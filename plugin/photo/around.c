/* SPDX-License-Identifier: GPL-3.0-or-later */
/* around.c: a photo at a network's scale, with what lies around, and how it is moved. */

#include "photo/around.h"
#include "base/fail.h"
#include <math.h>

/* Samples at most: 1 GB. */
#define MOST_SAMPLES ((gsize)1 << 26)

/* Multiplied by alpha, so that interpolation and averages need no care at the photo's
 * edge. That GEGL takes them for linear light only means that it leaves them alone. */
static const Babl *
sample_format(void)
{
    return babl_format("RaGaBaA float");
}

void
around_clear(Around *around)
{
    g_clear_object(&around->samples);
    *around = (Around){0};
}

/* --- which samples --- */

/* Samples from *first on, of those that are seen and the margins, from `before` to
 * `after`, that share something with the photo's pixels, from `low` to `high`. pixels: of
 * the photo, a sample. empty: a pixel more on both sides, of which there is nothing, so
 * that samples that the photo's edge goes through weigh what they have of it. */
static void
find_samples(double before,
             double after,
             double pixels,
             double low,
             double high,
             gboolean empty,
             int *first,
             int *end)
{
    /* One more, so that interpolation never looks beyond what a margin has. */
    double from = floor(before) - 1, to = ceil(after) + 1;
    int more = empty ? 1 + (int)ceil(1 / pixels) : 0;
    *first = (int)fmax(from, floor(low / pixels + 1e-9)) - more;
    *end = (int)fmin(to, ceil(high / pixels - 1e-9)) + more;
}

static GeglRectangle
place_samples(const Around *around,
              const GeglRectangle *item,
              const Region *region,
              AroundMargin margin,
              const double pixels[2])
{
    int left, top, right, bottom, scale = around->scale;
    double x = item->x - region->seen.x, y = item->y - region->seen.y;
    find_samples(-margin.left * scale, (around->width + margin.right) * scale, pixels[0],
                 x, x + item->width, !around->repeat, &left, &right);
    find_samples(-margin.top * scale, (around->height + margin.bottom) * scale, pixels[1],
                 y, y + item->height, !around->repeat, &top, &bottom);
    return (GeglRectangle){left, top, right - left, bottom - top};
}

/* --- reading --- */

static void
mean_of(const float *rgba, const GeglRectangle *rect, const Around *around, float mean[3])
{
    GeglRectangle seen = {0, 0, around->width * around->scale,
                          around->height * around->scale};
    double sum[4] = {0};
    for (int y = rect->y; y < rect->y + rect->height; y++)
        for (int x = rect->x; x < rect->x + rect->width; x++, rgba += 4)
            if (x >= 0 && y >= 0 && x < seen.width && y < seen.height)
                for (int c = 0; c < 4; c++)
                    sum[c] += (double)rgba[c];
    for (int c = 0; c < 3; c++)
        mean[c] = (float)(sum[3] > 0 ? sum[c] / sum[3] : 0);
}

static gboolean
read_samples(Around *around,
             HostPixels *pixels,
             const GeglRectangle *item,
             const GeglRectangle *photo,
             const Region *region,
             const GeglRectangle *place,
             const double size[2],
             GError **error)
{
    RegionWindow window = {region->seen.x + place->x * size[0],
                           region->seen.y + place->y * size[1], place->width * size[0],
                           place->height * size[1]};
    gsize count = (gsize)place->width * (gsize)place->height;
    float *rgba = count < MOST_SAMPLES ? g_try_malloc_n(count, 4 * sizeof *rgba) : NULL;
    if (!rgba)
        return fail_run(error, _("There is not enough memory to read the photo."));
    gboolean ok =
        region_read_window(&window, pixels, photo, item->x, item->y, place->width,
                           place->height, around->repeat, rgba, error);
    if (ok) {
        around->samples = gegl_buffer_new(place, sample_format());
        gegl_buffer_set(around->samples, place, 0, sample_format(), rgba,
                        GEGL_AUTO_ROWSTRIDE);
        mean_of(rgba, place, around, around->fill);
    }
    g_free(rgba);
    return ok;
}

gboolean
around_read(Around *around,
            HostPixels *pixels,
            const GeglRectangle *item,
            const Region *region,
            AroundMargin margin,
            AroundFill fill,
            const float bars[3],
            GError **error)
{
    const GeglRectangle *seen = &region->seen;
    gboolean has_bars = !gegl_rectangle_equal(seen, &region->photo);
    double size[2] = {(double)seen->width / region->width,
                      (double)seen->height / region->height};
    *around = (Around){.width = region->width,
                       .height = region->height,
                       .scale = MIN(size[0], size[1]) >= 2 ? 2 : 1,
                       .repeat = fill == AROUND_EDGE && !has_bars};
    for (int i = 0; i < 2; i++)
        size[i] /= around->scale;
    /* With bars the photo is what the region has of it: a selection may be less. */
    const GeglRectangle *there = has_bars ? &region->photo : item;
    GeglRectangle place = place_samples(around, there, region, margin, size);
    if (!read_samples(around, pixels, item, there, region, &place, size, error))
        return FALSE;
    for (int c = 0; c < 3 && has_bars; c++)
        around->fill[c] = bars[c];
    return TRUE;
}

/* --- moved --- */

/* The mean of scale x scale places of a pixel. */
static void
show_pixel(const Around *around,
           GeglSampler *sampler,
           const AroundMap *map,
           int x,
           int y,
           float *rgb)
{
    GeglAbyssPolicy beyond = around->repeat ? GEGL_ABYSS_CLAMP : GEGL_ABYSS_NONE;
    int scale = around->scale;
    double half_x = around->width / 2.0, half_y = around->height / 2.0, sum[4] = {0};
    for (int i = 0; i < scale * scale; i++) {
        float sample[4];
        double u = x + (i % scale + 0.5) / scale - half_x;
        double v = y + ((double)(i / scale) + 0.5) / scale - half_y;
        double from_x = map->xx * u + map->xy * v + map->x0 + half_x;
        double from_y = map->yx * u + map->yy * v + map->y0 + half_y;
        gegl_sampler_get(sampler, from_x * scale, from_y * scale, NULL, sample, beyond);
        for (int c = 0; c < 4; c++)
            sum[c] += (double)sample[c];
    }
    double share = 1.0 / (scale * scale);
    for (int c = 0; c < 3; c++) {
        double value = (sum[c] + (1 / share - sum[3]) * (double)around->fill[c]) * share;
        rgb[c] = (float)CLAMP(value, 0, 1);
    }
}

gboolean
around_show(const Around *around, const AroundMap *map, float *rgb)
{
    GeglSampler *sampler =
        gegl_buffer_sampler_new(around->samples, sample_format(), GEGL_SAMPLER_LINEAR);
    if (!sampler)
        return FALSE;
    for (int y = 0; y < around->height; y++)
        for (int x = 0; x < around->width; x++, rgb += 3)
            show_pixel(around, sampler, map, x, y, rgb);
    g_object_unref(sampler);
    return TRUE;
}
