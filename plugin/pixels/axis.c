/* SPDX-License-Identifier: GPL-3.0-or-later */
/* axis.c: computes the first input and the weights of each output of an axis. */

#include "pixels/axis.h"
#include <math.h>
#include <string.h>

/* Where the filter of one output lies. Input i reaches from i to i + 1. */
typedef struct {
    double low, high, centre; /* of the output */
    double wide;              /* the filter's unit in inputs: half of a triangle */
    int from, to;             /* inputs that it may weigh: from .. to - 1 */
} Place;

/* The cubic with B = C = 1/3: zero from 2 on, integrates to 1. */
static double
mitchell(double x)
{
    x = fabs(x);
    if (x < 1)
        return (7 * x * x * x - 12 * x * x + 16.0 / 3) / 6;
    if (x < 2)
        return (-7.0 / 3 * x * x * x + 12 * x * x - 20 * x + 32.0 / 3) / 6;
    return 0;
}

static gboolean
is_area(const AxisShape *shape, double step)
{
    return shape->filter == AXIS_AREA && step >= 1;
}

static Place
place_of(const AxisShape *shape, double step, int o)
{
    Place place = {.low = shape->begin + o * step,
                   .high = shape->begin + (o + 1) * step,
                   .wide = MAX(step, 1)};
    if (shape->filter == AXIS_AREA) {
        place.centre = (place.low + place.high) / 2;
        place.from = (int)floor(step < 1 ? place.centre - 0.5 : place.low);
        place.to = step < 1 ? place.from + 2 : (int)ceil(place.high);
        return place;
    }
    double reach = place.wide * (shape->filter == AXIS_MITCHELL ? 2 : 1);
    place.centre = shape->begin + (o + 0.5) * step;
    place.from = (int)floor(place.centre - reach);
    place.to = (int)ceil(place.centre + reach);
    if (shape->filter == AXIS_NEAREST) {
        place.from = CLAMP((int)floor(place.centre), shape->low, shape->high - 1);
        place.to = place.from + 1;
    }
    return place;
}

static int
taps_of(const AxisShape *shape, double step)
{
    double wide = MAX(step, 1);
    double taps = shape->filter == AXIS_NEAREST    ? 1
                  : shape->filter == AXIS_MITCHELL ? ceil(4 * wide) + 1
                  : shape->filter == AXIS_TRIANGLE ? ceil(2 * wide) + 1
                  : step < 1                       ? 2
                                                   : ceil(step) + 1;
    return (int)MIN(taps, shape->high - shape->low);
}

static double
weight_of(const AxisShape *shape, double step, const Place *place, int i)
{
    if (shape->filter == AXIS_NEAREST)
        return 1;
    if (shape->filter == AXIS_MITCHELL)
        return mitchell((i + 0.5 - place->centre) / place->wide);
    if (is_area(shape, step)) /* the part of i .. i + 1 that is covered */
        return fmax(0, fmin(place->high, i + 1) - fmax(place->low, i)) /
               (place->high - place->low);
    return fmax(0, 1 - fabs(i + 0.5 - place->centre) / place->wide);
}

/* Adds the weights of one output to `weights` and `exact`, which are zero. Returns their
 * sum. */
static float
weigh(const AxisShape *shape,
      double step,
      const Place *place,
      int first,
      float *weights,
      double *exact)
{
    int first_seen = (int)shape->begin;
    int last_seen = (int)(shape->begin + shape->length) - 1;
    float share = 0;
    for (int i = place->from; i < place->to; i++) {
        double weight = weight_of(shape, step, place, i);
        int input = i;
        if (shape->edge == AXIS_MISSING)
            input = CLAMP(i, first_seen, last_seen);
        if (input < shape->low || input >= shape->high || weight == 0)
            continue;
        int tap = input - shape->low - first;
        weights[tap] += (float)weight;
        exact[tap] += weight;
        share += (float)weight;
    }
    return share;
}

/* All weights sum to 1. A triangle's are rounded before and after, as they were when the
 * models were trained: results are the same to the last bit. */
static void
make_whole(AxisFilter filter, int taps, float *weights, double *exact)
{
    double sum = 0, rounded = 0;
    for (int t = 0; t < taps; t++) {
        sum += exact[t];
        rounded += (double)weights[t];
    }
    for (int t = 0; t < taps; t++) {
        exact[t] /= sum;
        if (filter == AXIS_TRIANGLE)
            weights[t] *= (float)(1 / rounded);
        else
            weights[t] = (float)exact[t];
    }
}

static gboolean
make_room(Axis *axis, int outputs, int taps)
{
    gsize count = (gsize)outputs, cells;
    if (!g_size_checked_mul(&cells, count, (gsize)taps) || cells > G_MAXSIZE / 32 - count)
        return FALSE;
    gsize bytes =
        cells * (sizeof(double) + sizeof(float)) + count * (sizeof(float) + sizeof(int));
    if (bytes > axis->room) {
        axis_clear(axis);
        axis->exact = g_try_malloc(bytes);
        axis->room = axis->exact ? bytes : 0;
    }
    if (!axis->exact)
        return FALSE;
    memset(axis->exact, 0, bytes);
    axis->weights = (float *)(axis->exact + cells);
    axis->share = axis->weights + cells;
    axis->first = (int *)(axis->share + count);
    axis->outputs = outputs;
    axis->taps = taps;
    return TRUE;
}

gboolean
axis_set(Axis *axis, const AxisShape *shape)
{
    double step = shape->length / shape->outputs;
    int taps = taps_of(shape, step), inputs = shape->high - shape->low;
    if (!make_room(axis, shape->outputs, taps))
        return FALSE;
    for (int o = 0; o < shape->outputs; o++) {
        Place place = place_of(shape, step, o);
        gsize at = (gsize)o * (gsize)taps;
        axis->first[o] = CLAMP(place.from - shape->low, 0, inputs - taps);
        axis->share[o] = weigh(shape, step, &place, axis->first[o], axis->weights + at,
                               axis->exact + at);
        if (shape->edge == AXIS_WHOLE)
            make_whole(shape->filter, taps, axis->weights + at, axis->exact + at);
    }
    return TRUE;
}

void
axis_clear(Axis *axis)
{
    g_free(axis->exact); /* one block, all of them */
    *axis = (Axis){0};
}

int
axis_first_of(const Axis *axis, int from, int y)
{
    while (from < axis->outputs && axis->first[from] + axis->taps <= y)
        from++;
    return from;
}
