/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weighted.c: weighted sums, row by row.
 *
 * The weights of each axis are put into a table once for many parts. A row of the output
 * takes from a few rows of the input: these are added up with the weights of the outer
 * axes, then the last axis is resized. */
#include "ops/resize/weighted.h"
#include <string.h>

/* What the places of an axis take from: place o from count[o] places index[o * most + j]
 * with weights; -1: it is outside. */
typedef struct {
    size_t most;
    int32_t *count, *index;
    float *weight;
} Table;

typedef struct {
    const DcnWeighted *p;
    Table table[DCN_MAX_RANK];
    size_t step[DCN_MAX_RANK];   /* elements of the input from one index of an axis to the
                                  next */
    int64_t place[DCN_MAX_RANK]; /* of the row of the output */
    float *row;                  /* as long as the input's last axis */
} Part;

static size_t
candidates(const DcnWeighted *p, int axis)
{
    return (size_t)dcn_resize_candidates(&p->rule, &p->axis[axis]);
}

bool
dcn_weighted_setup(DcnSetup *setup)
{
    DcnWeighted *p = setup->params;
    const DcnShape *x = setup->in[0];
    char text[128];
    if (x->rank == 0 || dcn_shape_count(x) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s",
                              dcn_shape_print(x, text));
    p->rank = x->rank;
    p->first = x->rank - 1;
    setup->out[0] = *x;
    for (int i = x->rank - 1; i >= 0; i--) {
        const DcnResizeAxis *axis = &p->axis[i];
        if (axis->out < 1)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "axis %d, of %lld places, would have %lld", i,
                                  (long long)axis->in, (long long)axis->out);
        if (axis->in > INT32_MAX || axis->out > INT32_MAX)
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "an axis of %lld places",
                                  (long long)dcn_max_i64(axis->in, axis->out));
        if (!axis->same)
            p->first = i;
        setup->out[0].dim[i] = axis->out;
    }
    p->parts = dcn_shape_product(x, 0, p->first);
    setup->scratch = (size_t)x->dim[x->rank - 1] * sizeof(float);
    for (int i = p->first; i < p->rank; i++)
        setup->scratch +=
            (size_t)p->axis[i].out *
            (sizeof(int32_t) + candidates(p, i) * (sizeof(int32_t) + sizeof(float)));
    return true;
}

static void
fill_table(const DcnWeighted *p, int a, Table *table)
{
    const DcnResizeAxis *axis = &p->axis[a];
    for (int64_t o = 0; o < axis->out; o++) {
        DcnPlace place = dcn_resize_place(&p->rule, axis, o);
        size_t at = (size_t)o * table->most;
        int32_t n = 0;
        for (int64_t k = 0; !place.outside && k < place.count; k++) {
            int64_t i;
            float weight = dcn_resize_candidate(&p->rule, axis, &place, k, &i);
            if (weight == 0)
                continue;
            table->index[at + (size_t)n] = (int32_t)i;
            table->weight[at + (size_t)n++] = weight;
        }
        table->count[o] = place.outside ? -1 : n;
    }
}

static Part
part_in(const DcnWeighted *p, void *scratch)
{
    Part part = {.p = p};
    size_t step = 1;
    char *memory = scratch;
    for (int a = p->rank - 1; a >= p->first; a--) {
        Table *table = &part.table[a];
        size_t out = (size_t)p->axis[a].out;
        part.step[a] = step;
        step *= (size_t)p->axis[a].in;
        table->most = candidates(p, a);
        table->count = (int32_t *)(void *)memory;
        table->index = table->count + out;
        table->weight = (float *)(void *)(table->index + out * table->most);
        memory = (char *)(table->weight + out * table->most);
        fill_table(p, a, table);
    }
    part.row = (float *)(void *)memory;
    return part;
}

/* Adds the rows of x that the place takes from to the part's row, or that to each of them.
 */
static void
outer_axes(const Part *part, int axis, float *x, float weight, bool back)
{
    if (axis == part->p->rank - 1) {
        size_t n = (size_t)part->p->axis[axis].in;
        float *restrict to = back ? x : part->row;
        const float *restrict from = back ? part->row : x;
        for (size_t i = 0; i < n; i++)
            to[i] += weight * from[i];
        return;
    }
    const Table *table = &part->table[axis];
    size_t o = (size_t)part->place[axis], at = o * table->most;
    for (size_t j = at; j < at + (size_t)table->count[o]; j++)
        outer_axes(part, axis + 1, x + (size_t)table->index[j] * part->step[axis],
                   weight * table->weight[j], back);
}

static bool
row_is_outside(const Part *part)
{
    for (int a = part->p->first; a < part->p->rank - 1; a++)
        if (part->table[a].count[part->place[a]] < 0)
            return true;
    return false;
}

/* The next row of the output; false after the last one. */
static bool
next_row(Part *part)
{
    for (int a = part->p->rank - 2; a >= part->p->first; a--) {
        if (++part->place[a] < part->p->axis[a].out)
            return true;
        part->place[a] = 0;
    }
    return false;
}

static void
forward_row(const Part *part, const float *x, float *y)
{
    const DcnWeighted *p = part->p;
    const Table *table = &part->table[p->rank - 1];
    size_t out = (size_t)p->axis[p->rank - 1].out;
    bool outside = row_is_outside(part);
    memset(part->row, 0, (size_t)p->axis[p->rank - 1].in * sizeof(float));
    if (!outside)
        outer_axes(part, p->first, (float *)(uintptr_t)x, 1, false);
    for (size_t o = 0; o < out; o++) {
        size_t at = o * table->most;
        float sum = 0;
        for (size_t j = at; j < at + (size_t)dcn_max_i64(table->count[o], 0); j++)
            sum += table->weight[j] * part->row[table->index[j]];
        y[o] = outside || table->count[o] < 0 ? p->extrapolation : sum;
    }
}

static void
back_row(const Part *part, float *dx, const float *dy)
{
    const DcnWeighted *p = part->p;
    const Table *table = &part->table[p->rank - 1];
    size_t out = (size_t)p->axis[p->rank - 1].out;
    if (row_is_outside(part))
        return;
    memset(part->row, 0, (size_t)p->axis[p->rank - 1].in * sizeof(float));
    for (size_t o = 0; o < out; o++) {
        size_t at = o * table->most;
        for (size_t j = at; j < at + (size_t)dcn_max_i64(table->count[o], 0); j++)
            part->row[table->index[j]] += table->weight[j] * dy[o];
    }
    outer_axes(part, p->first, dx, 1, true);
}

typedef struct {
    const DcnCall *call;
    bool back;
} Job;

static void
range(void *user, size_t begin, size_t end, size_t worker)
{
    const Job *job = user;
    const DcnOperand *x = &job->call->in[0], *y = &job->call->out[0];
    const DcnWeighted *p = job->call->params;
    Part part = part_in(p, dcn_scratch(job->call->context, worker));
    size_t out = (size_t)p->axis[p->rank - 1].out;
    for (size_t i = begin; i < end; i++) {
        size_t image = i / p->parts, at = i % p->parts;
        size_t from = at * (x->count / p->parts), to = at * (y->count / p->parts);
        do {
            if (job->back)
                back_row(&part, dcn_image_grad(x, image) + from,
                         dcn_image_grad(y, image) + to);
            else
                forward_row(&part, dcn_image(x, image) + from, dcn_image(y, image) + to);
            to += out;
        } while (next_row(&part));
    }
}

static void
run(const DcnCall *call, bool back)
{
    const DcnWeighted *p = call->params;
    dcn_parallel_range(call->context, call->batch * p->parts,
                       DCN_GRAIN / (call->out[0].count / p->parts) + 1, range,
                       &(Job){call, back});
}

void
dcn_weighted_forward(const DcnCall *call)
{
    run(call, false);
}

void
dcn_weighted_back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0))
        run(call, true);
}

/* The places of the input that place o takes from: first and past the last; false: from
 * none. */
static bool
span(const DcnWeighted *p, int a, int64_t o, int64_t *begin, int64_t *end)
{
    const DcnResizeAxis *axis = &p->axis[a];
    DcnPlace place = dcn_resize_place(&p->rule, axis, o);
    bool any = false;
    for (int64_t k = 0; !place.outside && k < place.count; k++) {
        int64_t i;
        if (dcn_resize_candidate(&p->rule, axis, &place, k, &i) == 0)
            continue;
        *begin = any ? dcn_min_i64(*begin, i) : i;
        *end = any ? dcn_max_i64(*end, i + 1) : i + 1;
        any = true;
    }
    return any;
}

void
dcn_weighted_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const DcnWeighted *p = call->params;
    DcnBox result = *in;
    (void)input, (void)output;
    for (int i = 0; i < 3 && i + 1 < p->rank; i++) {
        result.begin[i] = result.end[i] = 0;
        for (int64_t o = 0; o < p->axis[i + 1].out; o++) {
            int64_t begin, end;
            if (!span(p, i + 1, o, &begin, &end) || begin >= in->end[i] ||
                end <= in->begin[i])
                continue;
            if (result.end[i] == 0)
                result.begin[i] = o;
            result.end[i] = o + 1;
        }
    }
    *out = dcn_box_is_empty(in) ? (DcnBox){{0}, {0}} : result;
}

void
dcn_weighted_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const DcnWeighted *p = call->params;
    DcnBox result = *out;
    (void)input, (void)output;
    for (int i = 0; i < 3 && i + 1 < p->rank; i++) {
        bool any = false;
        result.begin[i] = result.end[i] = 0;
        for (int64_t o = dcn_max_i64(out->begin[i], 0);
             o < dcn_min_i64(out->end[i], p->axis[i + 1].out); o++) {
            int64_t begin, end;
            if (!span(p, i + 1, o, &begin, &end))
                continue;
            result.begin[i] = any ? dcn_min_i64(result.begin[i], begin) : begin;
            result.end[i] = any ? dcn_max_i64(result.end[i], end) : end;
            any = true;
        }
    }
    *in = dcn_box_is_empty(out) ? (DcnBox){{0}, {0}} : result;
}
