/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elementwise.c: spreads elementwise loops over threads. */
#include "ops/kit/elementwise.h"
#include "base/vector.h"
#include <string.h>

#define PIECE 1024 /* floats, for the stack */

typedef struct {
    const DcnCall *call;
    DcnValues values;
    DcnSlopes slopes;
    size_t image;
} Each;

static void
forward_range(void *user, size_t begin, size_t end, size_t worker)
{
    const Each *each = user;
    const DcnCall *call = each->call;
    (void)worker;
    each->values(call->params, dcn_image(&call->in[0], each->image) + begin,
                 dcn_image(&call->out[0], each->image) + begin, end - begin);
}

/* The gradient of the input lies where that of the output lies: the signal there is
 * replaced by what comes back of it. */
static void
back_in_place(const Each *each, size_t begin, size_t end)
{
    const DcnOperand *x = &each->call->in[0], *y = &each->call->out[0];
    float dy[PIECE], *dx = dcn_image_grad(x, each->image);
    for (size_t at = begin; at < end; at += PIECE) {
        size_t n = end - at < PIECE ? end - at : PIECE;
        memcpy(dy, dx + at, n * sizeof *dy);
        memset(dx + at, 0, n * sizeof *dy);
        each->slopes(each->call->params, dcn_image(x, each->image) + at,
                     dcn_image(y, each->image) + at, dy, dx + at, n);
    }
}

static void
back_range(void *user, size_t begin, size_t end, size_t worker)
{
    const Each *each = user;
    const DcnOperand *x = &each->call->in[0], *y = &each->call->out[0];
    (void)worker;
    if (x->grad == y->grad) {
        back_in_place(each, begin, end);
        return;
    }
    if (x->fresh)
        memset(dcn_image_grad(x, each->image) + begin, 0, (end - begin) * sizeof(float));
    each->slopes(each->call->params, dcn_image(x, each->image) + begin,
                 dcn_image(y, each->image) + begin,
                 dcn_image_grad(y, each->image) + begin,
                 dcn_image_grad(x, each->image) + begin, end - begin);
}

/* Images that lie one after another are one long range. */
static void
run(Each *each, void (*work)(void *, size_t, size_t, size_t))
{
    const DcnCall *call = each->call;
    size_t count = call->out[0].count;
    bool dense = call->in[0].stride == count && call->out[0].stride == count;
    size_t images = dense ? 1 : call->batch;
    if (dense)
        count *= call->batch;
    for (each->image = 0; each->image < images; each->image++)
        dcn_parallel_range(call->context, count, DCN_GRAIN, work, each);
}

void
dcn_each_forward(const DcnCall *call, DcnValues values)
{
    run(&(Each){.call = call, .values = values}, forward_range);
}

/* The rows of one channel. */
static void
back_channel(void *user, size_t index, size_t worker)
{
    const Each *each = user;
    const DcnBox *box = each->call->out[0].box;
    const int64_t *dim = each->call->out[0].shape.dim;
    int64_t plane = (box->begin[0] + (int64_t)index) * dim[2];
    back_range(user, (size_t)((plane + box->begin[1]) * dim[3]),
               (size_t)((plane + box->end[1]) * dim[3]), worker);
}

void
dcn_each_back(const DcnCall *call, DcnSlopes slopes)
{
    const DcnBox *box = call->out[0].box;
    if (dcn_wants_back(call, 0) && box)
        dcn_parallel(call->context, (size_t)(box->end[0] - box->begin[0]), back_channel,
                     &(Each){.call = call, .slopes = slopes});
    else if (dcn_wants_back(call, 0))
        run(&(Each){.call = call, .slopes = slopes}, back_range);
}

typedef struct {
    const DcnOperand *x, *y;
    size_t image;
} HandOn;

DCN_VECTOR static void
add_signal(float *restrict dx, const float *restrict dy, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i];
}

static void
hand_range(void *user, size_t begin, size_t end, size_t worker)
{
    const HandOn *h = user;
    float *dx = dcn_image_grad(h->x, h->image) + begin;
    const float *dy = dcn_image_grad(h->y, h->image) + begin;
    (void)worker;
    if (h->x->fresh)
        memcpy(dx, dy, (end - begin) * sizeof *dx);
    else
        add_signal(dx, dy, end - begin);
}

static void
hand_channel(void *user, size_t index, size_t worker)
{
    const HandOn *h = user;
    const DcnBox *box = h->y->box;
    const int64_t *dim = h->y->shape.dim;
    int64_t plane = (box->begin[0] + (int64_t)index) * dim[2];
    hand_range(user, (size_t)((plane + box->begin[1]) * dim[3]),
               (size_t)((plane + box->end[1]) * dim[3]), worker);
}

void
dcn_hand_on(const DcnCall *call, size_t input)
{
    HandOn h = {.x = &call->in[input], .y = &call->out[0]};
    if (!dcn_wants_back(call, input) || h.x->grad == h.y->grad)
        return;
    if (h.y->box)
        dcn_parallel(call->context, (size_t)(h.y->box->end[0] - h.y->box->begin[0]),
                     hand_channel, &h);
    for (; !h.y->box && h.image < call->batch; h.image++)
        dcn_parallel_range(call->context, h.y->count, DCN_GRAIN, hand_range, &h);
}

DCN_VECTOR void
dcn_rectify(float *signal, size_t n)
{
    for (size_t i = 0; i < n; i++)
        signal[i] = signal[i] > 0 ? signal[i] : 0;
}

static void
rectify_range(void *user, size_t begin, size_t end, size_t worker)
{
    (void)worker;
    dcn_rectify((float *)user + begin, end - begin);
}

static void
rectify_channel(void *user, size_t index, size_t worker)
{
    const DcnOperand *x = user;
    const int64_t *dim = x->shape.dim;
    int64_t row = (x->box->begin[0] + (int64_t)index) * dim[2] + x->box->begin[1];
    (void)worker;
    dcn_rectify(x->grad + row * dim[3],
                (size_t)((x->box->end[1] - x->box->begin[1]) * dim[3]));
}

void
dcn_rectify_input(const DcnCall *call, size_t input)
{
    DcnOperand *x = &call->in[input];
    if (x->box)
        dcn_parallel(call->context, (size_t)(x->box->end[0] - x->box->begin[0]),
                     rectify_channel, x);
    else
        dcn_parallel_range(call->context, call->batch * x->stride, DCN_GRAIN,
                           rectify_range, x->grad);
}
