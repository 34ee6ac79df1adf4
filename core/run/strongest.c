/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strongest.c: the maps of a layer by their largest value.
 *
 * Ties: the lower channel, and within a map the first in row-major order. NaN is never
 * the largest. */
#include "base/shape.h"
#include "base/vector.h"
#include "run/session_private.h"
#include <math.h>

/* C, H, W of a tensor of rank 4 or 2. */
static void
map_sizes(const DcnShape *shape, size_t *channels, size_t *height, size_t *width)
{
    *channels = shape->rank > 1 ? (size_t)shape->dim[1] : 1;
    *height = shape->rank == 4 ? (size_t)shape->dim[2] : 1;
    *width = shape->rank == 4 ? (size_t)shape->dim[3] : 1;
}

#define LANES 16

/* The largest of some numbers, in vectors; -INFINITY if there is none. */
DCN_VECTOR static float
largest(const float *values, size_t count)
{
    float most[LANES], result = -INFINITY;
    size_t i = 0;
    for (size_t k = 0; k < LANES; k++)
        most[k] = -INFINITY;
    for (; i + LANES <= count; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            most[k] = values[i + k] > most[k] ? values[i + k] : most[k];
    for (; i < count; i++)
        result = values[i] > result ? values[i] : result;
    for (size_t k = 0; k < LANES; k++)
        result = most[k] > result ? most[k] : result;
    return result;
}

DcnUnit
dcn_strongest_of_map(const DcnSession *session, int tensor, size_t image, size_t channel)
{
    const PlanValue *value = &session->plan->values[tensor];
    const float *data = dcn_session_tensor(session, tensor);
    size_t channels, height, width;
    map_sizes(&value->shape, &channels, &height, &width);
    DcnUnit unit = {.channel = channel, .value = -INFINITY};
    if (!data || channel >= channels)
        return unit;
    const float *map = data + image * value->count + channel * height * width;
    float most = largest(map, height * width);
    if (!(most > -INFINITY))
        return unit;
    size_t best = 0;
    while (map[best] != most)
        best++;
    unit.value = map[best]; /* of 0 and -0 the first one */
    unit.y = best / width;
    unit.x = best % width;
    return unit;
}

size_t
dcn_strongest(
    const DcnSession *session, int tensor, size_t image, size_t count, DcnUnit *units)
{
    const PlanValue *value = &session->plan->values[tensor];
    size_t channels, height, width, found = 0;
    map_sizes(&value->shape, &channels, &height, &width);
    for (size_t c = 0; c < channels; c++) {
        DcnUnit unit = dcn_strongest_of_map(session, tensor, image, c);
        size_t at = found;
        while (at > 0 && units[at - 1].value < unit.value)
            at--;
        if (at >= count)
            continue;
        size_t last = found < count ? found : count - 1;
        for (size_t i = last; i > at; i--)
            units[i] = units[i - 1];
        units[at] = unit;
        found += found < count;
    }
    return found;
}
