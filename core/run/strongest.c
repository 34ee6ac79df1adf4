/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strongest.c: the maps of a layer by their largest value.
 *
 * Ties: the lower channel, and within a map the first in row-major order. NaN is never
 * the largest. */
#include "base/vector.h"
#include "run/session_private.h"
#include <math.h>

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

/* The same of numbers that lie apart. */
static float
largest_apart(const float *values, size_t count, size_t stride)
{
    float result = -INFINITY;
    for (size_t i = 0; i < count; i++)
        result = values[i * stride] > result ? values[i * stride] : result;
    return result;
}

DcnUnit
dcn_strongest_of_map(const DcnSession *session, int tensor, size_t image, size_t channel)
{
    const PlanValue *value = &session->plan->values[tensor];
    const DcnMaps *maps = &value->maps.at;
    const float *data = dcn_session_tensor(session, tensor);
    DcnUnit unit = {.channel = channel, .value = -INFINITY};
    if (!data || channel >= maps->maps)
        return unit;
    const float *map =
        data + image * value->count + maps->first + channel * maps->map_stride;
    size_t count = maps->height * maps->width, stride = maps->place_stride;
    float most = stride == 1 ? largest(map, count) : largest_apart(map, count, stride);
    if (!(most > -INFINITY))
        return unit;
    size_t best = 0;
    while (map[best * stride] != most)
        best++;
    unit.value = map[best * stride]; /* of 0 and -0 the first one */
    unit.y = best / maps->width;
    unit.x = best % maps->width;
    return unit;
}

size_t
dcn_strongest(
    const DcnSession *session, int tensor, size_t image, size_t count, DcnUnit *units)
{
    size_t maps = session->plan->values[tensor].maps.at.maps, found = 0;
    for (size_t c = 0; c < maps; c++) {
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
