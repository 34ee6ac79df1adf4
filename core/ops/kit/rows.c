/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rows.c: rows of a tensor along some of its axes. */
#include "ops/kit/rows.h"
#include <string.h>

static bool
lies_together(const DcnView *row)
{
    int64_t step = 1;
    for (int i = row->shape.rank - 1; i >= 0; i--) {
        if (row->shape.dim[i] != 1 && row->step[i] != step)
            return false;
        step *= row->shape.dim[i];
    }
    return true;
}

DcnRows
dcn_rows_broadcast(const DcnShape *shape,
                   const DcnShape *operand,
                   const bool named[DCN_MAX_RANK])
{
    DcnRows rows = {.count = 1, .length = 1};
    DcnView whole = dcn_view_whole(operand);
    for (int i = 0; i < shape->rank; i++) {
        int axis = i - (shape->rank - operand->rank);
        DcnView *view = named[i] ? &rows.row : &rows.first;
        size_t *number = named[i] ? &rows.length : &rows.count;
        int k = view->shape.rank++;
        view->shape.dim[k] = shape->dim[i];
        view->step[k] = axis < 0 || operand->dim[axis] == 1 ? 0 : whole.step[axis];
        *number *= (size_t)shape->dim[i];
    }
    rows.dense = lies_together(&rows.row);
    rows.same = true;
    for (int i = 0; i < rows.row.shape.rank; i++)
        rows.same = rows.same && (rows.row.step[i] == 0 || rows.row.shape.dim[i] == 1);
    return rows;
}

DcnRows
dcn_rows_of(const DcnShape *shape, const bool named[DCN_MAX_RANK])
{
    return dcn_rows_broadcast(shape, shape, named);
}

/* Where row `row` begins. */
static int64_t
beginning(const DcnRows *rows, size_t row)
{
    int64_t at = 0;
    for (int i = rows->first.shape.rank - 1; i >= 0; i--) {
        size_t dim = (size_t)rows->first.shape.dim[i];
        at += (int64_t)(row % dim) * rows->first.step[i];
        row /= dim;
    }
    return at;
}

float
dcn_row_one(const DcnRows *rows, const float *data, size_t row)
{
    return data[beginning(rows, row)];
}

const float *
dcn_row_read(const DcnRows *rows, const float *data, size_t row, float *copy)
{
    const float *from = data + beginning(rows, row);
    if (rows->dense)
        return from;
    dcn_view_gather(&rows->row, from, copy, sizeof(float));
    return copy;
}

float *
dcn_row_start(const DcnRows *rows, float *data, size_t row, float *copy)
{
    if (rows->dense)
        return data + beginning(rows, row);
    memset(copy, 0, rows->length * sizeof *copy);
    return copy;
}

void
dcn_row_added(const DcnRows *rows, float *data, size_t row, const float *copy)
{
    if (!rows->dense)
        dcn_view_scatter_add(&rows->row, copy, data + beginning(rows, row));
}

void
dcn_rows_clear(const DcnCall *call, const DcnRows *rows)
{
    for (size_t n = 0; !rows->dense && n < call->batch; n++)
        memset(dcn_image(&call->out[0], n), 0, call->out[0].count * sizeof(float));
}

typedef struct {
    const DcnCall *call;
    size_t count;
    DcnRowWork work;
    void *user;
} Walk;

static void
range(void *user, size_t begin, size_t end, size_t worker)
{
    const Walk *walk = user;
    float *scratch = dcn_scratch(walk->call->context, worker);
    for (size_t i = begin; i < end; i++)
        walk->work(walk->user, i / walk->count, i % walk->count, scratch);
}

void
dcn_each_row(const DcnCall *call, const DcnRows *rows, DcnRowWork work, void *user)
{
    if (rows->length > 0)
        dcn_parallel_range(call->context, call->batch * rows->count,
                           DCN_GRAIN / rows->length + 1, range,
                           &(Walk){call, rows->count, work, user});
}
