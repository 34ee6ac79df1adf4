/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change.c: sums by the difference that a box makes. */
#include "ops/kit/change.h"
#include "base/vector.h"
#include <string.h>

/* The sum of a box of a plane less that of what it takes the place of. The plane has rows
 * of `row` elements. */
DCN_VECTOR static float
difference_of_planes(
    const float *changed, const float *plane, int64_t height, int64_t width, int64_t row)
{
    enum { LANES = 32 };
    float sums[LANES] = {0}, all = 0;
    for (int64_t y = 0; y < height; y++, plane += row, changed += width)
        for (int64_t begin = 0; begin < width; begin += LANES) {
            int64_t n = width - begin < LANES ? width - begin : LANES;
            for (int64_t x = 0; x < n; x++)
                sums[x] += changed[begin + x] - plane[begin + x];
        }
    for (int64_t x = 0; x < LANES; x++)
        all += sums[x];
    return all;
}

void
dcn_change_sums(const DcnCall *call,
                const DcnChange *change,
                const int64_t step[3],
                float scale,
                float *y)
{
    const DcnBox *box = &change->box;
    const int64_t *dim = call->in[0].shape.dim;
    int64_t height = box->end[1] - box->begin[1], width = box->end[2] - box->begin[2];
    const float *changed = change->changed;
    memcpy(y, change->output, call->out[0].count * sizeof *y);
    for (int64_t c = box->begin[0]; c < box->end[0]; c++, changed += height * width) {
        const float *before =
            change->input + (c * dim[2] + box->begin[1]) * dim[3] + box->begin[2];
        float *sum = y + c * step[0];
        if (step[1] == 0 && step[2] == 0) {
            *sum += scale * difference_of_planes(changed, before, height, width, dim[3]);
            continue;
        }
        for (int64_t i = 0; i < height; i++)
            for (int64_t j = 0; j < width; j++)
                sum[(box->begin[1] + i) * step[1] + (box->begin[2] + j) * step[2]] +=
                    scale * (changed[i * width + j] - before[i * dim[3] + j]);
    }
}
