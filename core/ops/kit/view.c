/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view.c: walks a view row by row. */
#include "ops/kit/view.h"
#include <string.h>

DcnView
dcn_view_whole(const DcnShape *shape)
{
    DcnView view = {.shape = *shape};
    int64_t step = 1;
    for (int i = shape->rank - 1; i >= 0; i--) {
        view.step[i] = step;
        step *= shape->dim[i];
    }
    return view;
}

/* The same view without axes of size 1, and with axes merged where one continues the
 * other; it has at least one axis. */
static DcnView
merged(const DcnView *view)
{
    DcnView small = {.offset = view->offset};
    int r = 0;
    for (int i = 0; i < view->shape.rank; i++) {
        int64_t dim = view->shape.dim[i], step = view->step[i];
        if (dim == 1)
            continue;
        if (r > 0 && small.step[r - 1] == step * dim) {
            small.shape.dim[r - 1] *= dim;
            small.step[r - 1] = step;
        } else {
            small.shape.dim[r] = dim;
            small.step[r++] = step;
        }
    }
    if (r == 0) {
        small.shape.dim[0] = 1;
        small.step[0] = 1;
        r = 1;
    }
    small.shape.rank = r;
    return small;
}

typedef struct {
    DcnView view;
    int64_t index[DCN_MAX_RANK];
    int64_t place; /* of the row's first element */
    size_t length;
    bool over;
} Rows;

static Rows
rows_of(const DcnView *view)
{
    Rows rows = {.view = merged(view)};
    rows.place = view->offset;
    rows.length = (size_t)rows.view.shape.dim[rows.view.shape.rank - 1];
    rows.over = dcn_shape_product(&rows.view.shape, 0, rows.view.shape.rank) == 0;
    return rows;
}

static void
rows_next(Rows *rows)
{
    for (int i = rows->view.shape.rank - 2; i >= 0; i--) {
        rows->place += rows->view.step[i];
        if (++rows->index[i] < rows->view.shape.dim[i])
            return;
        rows->place -= rows->view.step[i] * rows->view.shape.dim[i];
        rows->index[i] = 0;
    }
    rows->over = true;
}

void
dcn_view_gather(const DcnView *view, const void *x, void *y, size_t element)
{
    Rows rows = rows_of(view);
    int64_t step = rows.view.step[rows.view.shape.rank - 1];
    char *to = y;
    for (; !rows.over; rows_next(&rows)) {
        if (step == 1) {
            memcpy(to, (const char *)x + rows.place * (int64_t)element,
                   rows.length * element);
        } else if (element == sizeof(float)) {
            const float *from = (const float *)x + rows.place;
            float *row = (float *)(void *)to;
            for (size_t i = 0; i < rows.length; i++)
                row[i] = from[(int64_t)i * step];
        } else {
            const char *from = (const char *)x + rows.place * (int64_t)element;
            for (size_t i = 0; i < rows.length; i++)
                memcpy(to + i * element, from + (int64_t)i * step * (int64_t)element,
                       element);
        }
        to += rows.length * element;
    }
}

void
dcn_view_scatter_add(const DcnView *view, const float *y, float *x)
{
    Rows rows = rows_of(view);
    int64_t step = rows.view.step[rows.view.shape.rank - 1];
    for (; !rows.over; rows_next(&rows)) {
        float *to = x + rows.place;
        if (step == 0)
            *to += dcn_sum(y, rows.length);
        else
            for (size_t i = 0; i < rows.length; i++)
                to[(int64_t)i * step] += y[i];
        y += rows.length;
    }
}

void
dcn_view_gather_add(const DcnView *view, const float *x, float scale, float *y)
{
    Rows rows = rows_of(view);
    int64_t step = rows.view.step[rows.view.shape.rank - 1];
    for (; !rows.over; rows_next(&rows)) {
        const float *from = x + rows.place;
        for (size_t i = 0; i < rows.length; i++)
            y[i] += from[(int64_t)i * step] * scale;
        y += rows.length;
    }
}

typedef struct {
    const DcnCall *call;
    const DcnView *view;
} ViewJob;

static void
forward_part(void *user, size_t index, size_t worker)
{
    const ViewJob *job = user;
    const DcnCall *call = job->call;
    (void)worker;
    dcn_view_gather(job->view, dcn_image_bytes(call, &call->in[0], index),
                    dcn_image_bytes(call, &call->out[0], index), call->element);
}

void
dcn_view_forward(const DcnCall *call, const DcnView *view)
{
    dcn_parallel(call->context, call->batch, forward_part, &(ViewJob){call, view});
}

void
dcn_view_back(const DcnCall *call, const DcnView *view)
{
    if (!dcn_wants_back(call, 0))
        return;
    for (size_t n = 0; n < call->batch; n++)
        dcn_view_scatter_add(view, dcn_image_grad(&call->out[0], n),
                             dcn_image_grad(&call->in[0], n));
}
