/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shape.c: arithmetic on shapes that cannot overflow. */
#include "base/shape.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

bool
dcn_shape_elements(const DcnShape *shape, size_t *count)
{
    int64_t product = 1;
    bool empty = false;
    for (int i = 0; i < shape->rank; i++) {
        int64_t dim = shape->dim[i];
        if (dim < 0)
            return false;
        if (dim == 0)
            empty = true;
        else if (dim > DCN_MAX_COUNT / product)
            return false;
        else
            product *= dim;
    }
    *count = empty ? 0 : (size_t)product;
    return true;
}

size_t
dcn_shape_count(const DcnShape *shape)
{
    size_t count;
    return dcn_shape_elements(shape, &count) ? count : 0;
}

bool
dcn_shape_equal(const DcnShape *a, const DcnShape *b)
{
    return a->rank == b->rank &&
           (a->rank <= 0 ||
            memcmp(a->dim, b->dim, sizeof *a->dim * (size_t)a->rank) == 0);
}

DcnShape
dcn_shape(int rank, const int64_t *dim)
{
    assert(rank >= 0 && rank <= DCN_MAX_RANK);
    DcnShape shape = {.rank = rank};
    for (int i = 0; i < rank; i++)
        shape.dim[i] = dim[i];
    return shape;
}

size_t
dcn_shape_product(const DcnShape *shape, int begin, int end)
{
    size_t product = 1;
    for (int i = begin; i < end; i++)
        product *= (size_t)shape->dim[i];
    return product;
}

bool
dcn_shape_broadcast(const DcnShape *a, const DcnShape *b, DcnShape *result)
{
    int rank = a->rank > b->rank ? a->rank : b->rank;
    DcnShape y = {.rank = rank};
    for (int i = 0; i < rank; i++) {
        int ia = i - (rank - a->rank), ib = i - (rank - b->rank);
        int64_t da = ia < 0 ? 1 : a->dim[ia], db = ib < 0 ? 1 : b->dim[ib];
        if (da != db && da != 1 && db != 1)
            return false;
        y.dim[i] = da == 1 ? db : da;
    }
    *result = y;
    return true;
}

DcnBox
dcn_shape_box(const DcnShape *shape)
{
    DcnBox box;
    for (int i = 0; i < 3; i++) {
        box.begin[i] = 0;
        box.end[i] = i + 1 < shape->rank ? shape->dim[i + 1] : 1;
    }
    return box;
}

const char *
dcn_shape_print(const DcnShape *shape, char text[static 128])
{
    if (shape->rank < 0)
        return strcpy(text, "of no stated shape");
    if (shape->rank == 0)
        return strcpy(text, "scalar");
    size_t used = 0;
    for (int i = 0; i < shape->rank && used < 128; i++) {
        const char *between = i ? "x" : "";
        int n = shape->dim[i] < 0 ? snprintf(text + used, 128 - used, "%s?", between)
                                  : snprintf(text + used, 128 - used, "%s%lld", between,
                                             (long long)shape->dim[i]);
        used += n > 0 ? (size_t)n : 0;
    }
    return text;
}
