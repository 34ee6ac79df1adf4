/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TopK: the k largest (or least) elements of each line along an axis, in order, and where
 * they stood. Of equal ones the first comes first; NaN counts as larger than all numbers.
 * K is an attribute before opset 10.
 *
 * Back, all methods: the signal of each value goes to the place it came from. */
#include "ops/kit/axis.h"
#include <math.h>

typedef struct {
    DcnAxis axis;
    size_t k;
    bool least;
} Params;

/* An element of a line. key: larger comes first. */
typedef struct {
    float key;
    uint32_t place;
} Item;

static bool
topk_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    int64_t k = dcn_node_int(setup->node, "k", 0);
    if (!dcn_axis_setup(setup, dcn_node_int(setup->node, "axis", -1), &p->axis))
        return false;
    if (setup->opset >= 10) {
        int n = dcn_setup_ints(setup, 1, &k, 1);
        if (n == -1)
            return false;
        if (n != 1)
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "it does not say how many");
    }
    if (k < 0 || (uint64_t)k > p->axis.n || p->axis.n > INT32_MAX)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "%lld of an axis of %zu places",
                              (long long)k, p->axis.n);
    p->k = (size_t)k;
    p->least = dcn_node_int(setup->node, "largest", 1) == 0;
    setup->out[0] = *setup->in[0];
    setup->out[0].dim[p->axis.axis] = k;
    if (setup->n_out > 1)
        setup->out[1] = setup->out[0];
    setup->scratch = p->axis.n * sizeof(Item);
    return true;
}

static bool
comes_before(Item a, Item b)
{
    return a.key > b.key || (a.key == b.key && a.place < b.place);
}

/* Item i sinks in a heap of n whose root comes first. */
static void
sink(Item *heap, size_t i, size_t n)
{
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && comes_before(heap[child + 1], heap[child]))
            child++;
        if (!comes_before(heap[child], heap[i]))
            return;
        Item swap = heap[i];
        heap[i] = heap[child];
        heap[child] = swap;
    }
}

/* Is called for the first k of a line, in order. from and to are elements of x and of the
 * outputs. */
typedef void (*Take)(
    const DcnCall *call, size_t image, size_t rank, size_t from, size_t place, size_t to);

static void
pick(const DcnCall *call, size_t image, size_t line, Item *items, Take take)
{
    const Params *p = call->params;
    size_t first = dcn_axis_line(&p->axis, line, p->axis.n), n = p->axis.n;
    size_t to = dcn_axis_line(&p->axis, line, p->k);
    const float *x = dcn_image(&call->in[0], image) + first;
    for (size_t i = 0; i < n; i++) {
        float value = x[i * p->axis.inner];
        value = isnan(value) ? INFINITY : value;
        items[i] = (Item){p->least ? -value : value, (uint32_t)i};
    }
    for (size_t i = n / 2; i-- > 0;)
        sink(items, i, n);
    for (size_t rank = 0; rank < p->k; rank++) {
        size_t place = items[0].place;
        take(call, image, rank, first + place * p->axis.inner, place,
             to + rank * p->axis.inner);
        items[0] = items[--n];
        sink(items, 0, n);
    }
}

static void
take_value(
    const DcnCall *call, size_t image, size_t rank, size_t from, size_t place, size_t to)
{
    (void)rank;
    if (call->out[0].data)
        dcn_image(&call->out[0], image)[to] = dcn_image(&call->in[0], image)[from];
    if (call->n_out > 1 && call->out[1].data)
        dcn_image(&call->out[1], image)[to] = (float)place;
}

static void
take_signal(
    const DcnCall *call, size_t image, size_t rank, size_t from, size_t place, size_t to)
{
    (void)rank, (void)place;
    dcn_image_grad(&call->in[0], image)[from] += dcn_image_grad(&call->out[0], image)[to];
}

typedef struct {
    const DcnCall *call;
    Take take;
} Walk;

static void
pick_line(void *user, size_t index, size_t worker)
{
    const Walk *walk = user;
    const Params *p = walk->call->params;
    size_t lines = p->axis.outer * p->axis.inner;
    pick(walk->call, index / lines, index % lines,
         dcn_scratch(walk->call->context, worker), walk->take);
}

static void
pick_all(const DcnCall *call, Take take)
{
    const Params *p = call->params;
    Walk walk = {call, take};
    dcn_parallel(call->context, call->batch * p->axis.outer * p->axis.inner, pick_line,
                 &walk);
}

static void
topk_forward(const DcnCall *call)
{
    pick_all(call, take_value);
}

static void
topk_back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0))
        pick_all(call, take_signal);
}

static void
topk_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)input;
    dcn_axis_ahead(call, &p->axis, false, in, output, out);
}

static void
topk_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)output, (void)input;
    dcn_axis_seen(call, &p->axis, false, out, in);
}

static DcnType
topk_type(const void *params, size_t output)
{
    (void)params;
    return output == 0 ? DCN_UNDEFINED : DCN_INT64;
}

const DcnOp dcn_op_topk = {
    .name = "TopK",
    .inputs = {1, 2},
    .outputs = {1, 2},
    .role = DCN_ROLE_DECIDES,
    .params_size = sizeof(Params),
    .setup = topk_setup,
    .forward = topk_forward,
    .back = DCN_BACK_ALL(topk_back),
    .reach.ahead = topk_reach_ahead,
    .reach.back = topk_reach_back,
    .constants.type = topk_type,
};
