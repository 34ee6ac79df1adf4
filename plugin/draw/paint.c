/* SPDX-License-Identifier: GPL-3.0-or-later */
/* paint.c: signals and heat maps as pixels. */

#include "draw/paint.h"
#include <math.h>
#include <string.h>

/* A value other than zero brings at most nine zeros into the percentile; see paint.h. */
#define ZEROS_COUNT 10.0

/* --- the scale --- */

/* Magnitudes of IEEE floats sort as their bits do, so three counts by eleven and twice
 * ten of these find an order statistic exactly, without a copy of the values. */
#define MAGNITUDE 0x7fffffffu
#define INFINITE 0x7f800000u /* the bits of a NaN are larger */
#define LEVELS 3
#define BINS 2048 /* small enough for the nearest cache */
static const int level_shift[LEVELS] = {20, 10, 0}, level_bits[LEVELS] = {11, 10, 10};

static guint32
magnitude_bits(float value)
{
    guint32 bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & MAGNITUDE;
}

/* Counts the values other than zero that begin with the bits of prefix, by the bits of the
 * level. */
static void
count_bins(const float *const *arrays,
           gsize n_arrays,
           gsize count,
           int level,
           guint32 prefix,
           gsize *bins)
{
    int shift = level_shift[level], bits_of = level_bits[level];
    guint32 mask = (1u << bits_of) - 1;
    memset(bins, 0, BINS * sizeof *bins);
    for (gsize a = 0; a < n_arrays; a++)
        for (gsize i = 0; i < count; i++) {
            guint32 bits = magnitude_bits(arrays[a][i]);
            if (bits && bits >> (shift + bits_of) == prefix)
                bins[bits >> shift & mask]++;
        }
}

/* The bin that holds value number *rank (from 0); *rank becomes its number inside. */
static guint32
find_bin(const gsize *bins, gsize *rank)
{
    guint32 bin = 0;
    while (bin < BINS - 1 && *rank >= bins[bin])
        *rank -= bins[bin++];
    return bin;
}

float
paint_scale(const float *const *arrays, gsize n_arrays, gsize count, double percentile)
{
    gsize bins[BINS], total = 0;
    count_bins(arrays, n_arrays, count, 0, 0, bins);
    for (guint32 i = 0; i < INFINITE >> level_shift[0]; i++)
        total += bins[i];
    if (!total)
        return 0;
    double counted = fmin((double)(n_arrays * count), ZEROS_COUNT * (double)total);
    gsize cut = (gsize)((1 - percentile / 100) * counted + 1e-6);
    gsize rank = total - 1 - MIN(cut, total - 1);
    guint32 bits = find_bin(bins, &rank);
    for (int level = 1; level < LEVELS; level++) {
        count_bins(arrays, n_arrays, count, level, bits, bins);
        bits = bits << level_bits[level] | find_bin(bins, &rank);
    }
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return scale;
}

/* --- sampling --- */

/* Between samples a and b of an axis, of which b has this weight. */
typedef struct {
    gsize a, b;
    float weight;
} Between;

/* position: in units of samples, whose middles lie at 0.5, 1.5, ...; flat beyond. */
static Between
between(double position, gsize count)
{
    double place = CLAMP(position - 0.5, 0, (double)(count - 1));
    gsize a = (gsize)place;
    return (Between){a, MIN(a + 1, count - 1), (float)(place - (double)a)};
}

static Between
nearest(double position, gsize count)
{
    gsize a = (gsize)CLAMP(floor(position), 0, (double)(count - 1));
    return (Between){a, a, 0};
}

static inline float
mix(float a, float b, float weight)
{
    return a + (b - a) * weight;
}

void
paint_signal(const float *signal,
             int height,
             int width,
             const RegionGrid *grid,
             float scale,
             float *rgba)
{
    float gain = scale > 0 ? 0.5f / scale : 0;
    for (int v = 0; v < grid->height; v++) {
        Between y = between(grid->y + (v + 0.5) * grid->dy, (gsize)height);
        const float *above = signal + y.a * (gsize)width * 3;
        const float *below = signal + y.b * (gsize)width * 3;
        for (int u = 0; u < grid->width; u++, rgba += 4) {
            Between x = between(grid->x + (u + 0.5) * grid->dx, (gsize)width);
            for (gsize c = 0; c < 3; c++) {
                float top = mix(above[x.a * 3 + c], above[x.b * 3 + c], x.weight);
                float bottom = mix(below[x.a * 3 + c], below[x.b * 3 + c], x.weight);
                float value = 0.5f + gain * mix(top, bottom, y.weight);
                rgba[c] = fminf(fmaxf(value, 0), 1);
            }
            rgba[3] = 1;
        }
    }
}

void
paint_strength(const float *signal,
               int height,
               int width,
               const RegionGrid *grid,
               float scale,
               float *values)
{
    float gain = scale > 0 ? 1 / scale : 0;
    for (int v = 0; v < grid->height; v++) {
        gsize y = nearest(grid->y + (v + 0.5) * grid->dy, (gsize)height).a;
        for (int u = 0; u < grid->width; u++) {
            gsize x = nearest(grid->x + (u + 0.5) * grid->dx, (gsize)width).a;
            const float *pixel = signal + (y * (gsize)width + x) * 3;
            float most = fmaxf(fabsf(pixel[0]), fmaxf(fabsf(pixel[1]), fabsf(pixel[2])));
            *values++ = fminf(gain * most, 1);
        }
    }
}

void
paint_cells(const Cells *cells, const RegionGrid *grid, gboolean smooth, float *values)
{
    Between (*place)(double, gsize) = smooth ? between : nearest;
    for (int v = 0; v < grid->height; v++) {
        Between y = place((grid->y + (v + 0.5) * grid->dy) / cells->step, cells->rows);
        const float *above = cells->values + y.a * cells->columns;
        const float *below = cells->values + y.b * cells->columns;
        for (int u = 0; u < grid->width; u++) {
            Between x =
                place((grid->x + (u + 0.5) * grid->dx) / cells->step, cells->columns);
            *values++ = mix(mix(above[x.a], above[x.b], x.weight),
                            mix(below[x.a], below[x.b], x.weight), y.weight);
        }
    }
}

void
paint_colors(
    const float *values, gsize count, double low, double high, Colormap map, float *rgba)
{
    /* A map without contrast shows the colour of the middle. */
    double gain = high > low ? 1 / (high - low) : 0;
    for (gsize i = 0; i < count; i++, rgba += 4) {
        colormap_at(map, gain > 0 ? (values[i] - low) * gain : 0.5, rgba);
        rgba[3] = 1;
    }
}
