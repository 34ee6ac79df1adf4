/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.c: coordinates and weights of Resize. */
#include "ops/resize/place.h"
#include "base/box.h"
#include <math.h>

static float
coordinate(const DcnResizeRule *rule, const DcnResizeAxis *axis, int64_t o)
{
    float at = (float)o, in = (float)axis->in;
    float half = (at + 0.5F) / axis->scale;
    switch (rule->coordinates) {
    case DCN_HALF_PIXEL:
        break;
    case DCN_HALF_PIXEL_SYMMETRIC:
        return in / 2 * (1 - (float)axis->out / axis->width) + (half - 0.5F);
    case DCN_PYTORCH_HALF_PIXEL:
        return axis->out > 1 ? half - 0.5F : 0;
    case DCN_TF_HALF_PIXEL_FOR_NN:
        return half;
    case DCN_ALIGN_CORNERS:
        return axis->width == 1 ? 0 : at * (in - 1) / (axis->width - 1);
    case DCN_ASYMMETRIC:
        return at / axis->scale;
    case DCN_TF_CROP_AND_RESIZE:
        if (axis->width == 1)
            return 0.5F * (axis->begin + axis->end) * (in - 1);
        return axis->begin * (in - 1) +
               at * (axis->end - axis->begin) * (in - 1) / (axis->width - 1);
    }
    return half - 0.5F;
}

static float
rounded(DcnNearest nearest, float x)
{
    switch (nearest) {
    case DCN_FLOOR:
        return floorf(x);
    case DCN_CEIL:
        return ceilf(x);
    case DCN_PREFER_CEIL:
        return floorf(x + 0.5F);
    case DCN_PREFER_FLOOR:
        break;
    }
    return ceilf(x - 0.5F);
}

/* Places that a weight function reaches to each side; wider where the axis shrinks. */
static double
half_width(const DcnResizeRule *rule, const DcnResizeAxis *axis)
{
    double reach = rule->mode == DCN_RESIZE_CUBIC ? 2 : 1;
    return rule->antialias && axis->scale < 1 ? reach / (double)axis->scale : reach;
}

/* Candidates to each side of x. */
static int64_t
side(const DcnResizeRule *rule, const DcnResizeAxis *axis)
{
    return (int64_t)ceil(half_width(rule, axis));
}

int64_t
dcn_resize_candidates(const DcnResizeRule *rule, const DcnResizeAxis *axis)
{
    if (axis->same || rule->mode == DCN_RESIZE_NEAREST)
        return 1;
    return 2 * side(rule, axis);
}

/* Of a place at the distance d. */
static float
weight_at(const DcnResizeRule *rule, float d)
{
    float a = rule->cubic;
    d = fabsf(d);
    if (rule->mode == DCN_RESIZE_LINEAR)
        return d < 1 ? 1 - d : 0;
    if (d <= 1)
        return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

/* Before the division by the sum. */
static float
raw_weight(const DcnResizeRule *rule,
           const DcnResizeAxis *axis,
           const DcnPlace *place,
           int64_t k)
{
    int64_t i = place->first + k;
    if (rule->exclude_outside && (i < 0 || i >= axis->in))
        return 0;
    float d = (float)(k - (place->count / 2 - 1)) - place->ratio;
    return weight_at(rule, rule->antialias && axis->scale < 1 ? d * axis->scale : d);
}

DcnPlace
dcn_resize_place(const DcnResizeRule *rule, const DcnResizeAxis *axis, int64_t o)
{
    DcnPlace place = {.first = o, .count = 1, .ratio = 1, .sum = 1};
    if (axis->same)
        return place;
    float x = coordinate(rule, axis, o), last = (float)(axis->in - 1);
    if (rule->coordinates == DCN_TF_CROP_AND_RESIZE && !(x >= 0 && x <= last)) {
        place.outside = true;
        return place;
    }
    /* Places further out give the same: all candidates are the first place, or the
     * last. */
    place.count = dcn_resize_candidates(rule, axis);
    float room = (float)place.count + 1;
    x = x > -room ? x : -room;
    x = x < last + room ? x : last + room;
    if (rule->mode == DCN_RESIZE_NEAREST) {
        place.first = (int64_t)rounded(rule->nearest, x);
        return place;
    }
    int64_t below = (int64_t)ceilf(x) - 1;
    place.ratio = x - (float)below;
    place.first = below - (place.count / 2 - 1);
    if (rule->exclude_outside || rule->antialias) {
        double sum = 0;
        for (int64_t k = 0; k < place.count; k++)
            sum += (double)raw_weight(rule, axis, &place, k);
        place.sum = sum != 0 ? (float)sum : 1;
    }
    return place;
}

float
dcn_resize_candidate(const DcnResizeRule *rule,
                     const DcnResizeAxis *axis,
                     const DcnPlace *place,
                     int64_t k,
                     int64_t *i)
{
    *i = dcn_max_i64(0, dcn_min_i64(place->first + k, axis->in - 1));
    if (axis->same || rule->mode == DCN_RESIZE_NEAREST)
        return 1;
    return raw_weight(rule, axis, place, k) / place->sum;
}
