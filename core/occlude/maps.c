/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maps.c: what is asked of the maps of an occlusion. */
#include "occlude/schedule.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>

void
dcn_occlusion_maps_free(DcnOcclusionMaps *maps)
{
    if (!maps)
        return;
    free(maps->activity);
    free(maps->probability);
    free(maps->score);
    free(maps->best);
    free(maps->base_probability);
    free(maps->base_score);
    free(maps->known);
    *maps = (DcnOcclusionMaps){0};
}

size_t
dcn_occlusion_cell(const DcnOcclusionMaps *maps, size_t row, size_t column)
{
    for (size_t grid = 1; grid <= DCN_COARSEST; grid *= 2) {
        size_t cell = (row - row % grid) * maps->columns + column - column % grid;
        if (maps->known[cell])
            return cell;
    }
    return SIZE_MAX;
}

/* Values of a net carry roundings of some units in their last place, as each is a sum of
 * hundreds of products. So many are taken for possible, of the magnitudes that a value of
 * a map was added up from. */
#define ROUNDINGS 16

double
dcn_occlusion_rounding(const DcnOcclusionMaps *maps,
                       DcnOcclusionKind kind,
                       size_t class_index)
{
    const double last_place = (double)FLT_EPSILON;
    if (kind == DCN_MAP_OF_ACTIVITY)
        return last_place *
               (ROUNDINGS * maps->changed + fabs((double)maps->base_activity));
    double scores = fmax(fabs((double)maps->base_score[class_index]),
                         fabs((double)maps->base_score[maps->base_best]));
    if (kind == DCN_MAP_OF_SCORE)
        return last_place * ROUNDINGS * scores;
    /* p is the exponential of a difference of scores, in shares of a sum. */
    return last_place * ROUNDINGS * (1 + 2 * scores) *
           (double)maps->base_probability[class_index];
}
