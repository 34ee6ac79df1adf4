/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normal.c: rows, each by its own mean and deviation. */
#include "ops/norm/normal.h"
#include "base/vector.h"
#include <math.h>

enum { X, SCALE, BIAS };
enum { Y, MEAN, INVERSE };

/* Copies of rows in scratch memory. */
enum { ROW_X, ROW_Y, ROW_SCALE, ROW_BIAS, ROWS };

bool
dcn_normal_setup(DcnSetup *setup,
                 const DcnShape *shape,
                 const bool named[DCN_MAX_RANK],
                 const DcnShape *scale,
                 const DcnShape *bias)
{
    DcnNormal *p = setup->params;
    char text[128];
    if (dcn_shape_count(shape) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s",
                              dcn_shape_print(setup->in[X], text));
    p->x = dcn_rows_of(shape, named);
    p->has_scale = scale != NULL;
    p->has_bias = bias != NULL;
    if (scale)
        p->scale = dcn_rows_broadcast(shape, scale, named);
    if (bias)
        p->bias = dcn_rows_broadcast(shape, bias, named);
    for (int i = 0; i < DCN_MAX_RANK; i++)
        p->axes[i] = named[i] ? -1 : i;
    setup->scratch = ROWS * p->x.length * sizeof(float);
    return dcn_setup_same(setup);
}

bool
dcn_normal_setup_last_axes(DcnSetup *setup)
{
    const DcnShape *x = setup->in[X];
    bool named[DCN_MAX_RANK] = {false};
    char text[2][128];
    int axis;
    DcnShape y;
    if (!dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", -1), x->rank, false,
                        &axis))
        return false;
    for (int i = axis; i < x->rank; i++)
        named[i] = true;
    for (size_t i = SCALE; i <= BIAS; i++)
        if (dcn_has_input(setup, i) &&
            !(dcn_shape_broadcast(x, setup->in[i], &y) && dcn_shape_equal(x, &y)))
            return dcn_setup_fail(
                setup, DCN_ERROR_SHAPE, "input %zu is %s, which does not fit %s", i,
                dcn_shape_print(setup->in[i], text[0]), dcn_shape_print(x, text[1]));
    return dcn_normal_setup(setup, x, named, setup->in[SCALE],
                            dcn_has_input(setup, BIAS) ? setup->in[BIAS] : NULL);
}

typedef struct {
    float mean;
    float inverse; /* 1 / deviation */
    float slope;   /* of the deviation: h * slope / n is what it grows by with x */
} Statistics;

#define LANES 16

/* The sum of (x - mean) ^ 2, or of x where squares are not wanted: one for each of some
 * lanes, so that they are vectors. */
DCN_VECTOR static double
sum_of(const float *x, size_t n, bool squares, double mean)
{
    double lanes[LANES] = {0}, sum = 0;
    size_t whole = n / LANES * LANES;
    if (squares)
        for (size_t i = 0; i < whole; i += LANES)
            for (size_t l = 0; l < LANES; l++)
                lanes[l] += ((double)x[i + l] - mean) * ((double)x[i + l] - mean);
    else
        for (size_t i = 0; i < whole; i += LANES)
            for (size_t l = 0; l < LANES; l++)
                lanes[l] += (double)x[i + l];
    for (size_t l = 0; l < LANES; l++)
        sum += lanes[l];
    for (size_t i = whole; i < n; i++)
        sum += squares ? ((double)x[i] - mean) * ((double)x[i] - mean) : (double)x[i];
    return sum;
}

static Statistics
statistics(const DcnNormal *p, const float *x)
{
    size_t n = p->x.length;
    double epsilon = (double)p->epsilon,
           mean = p->centred ? sum_of(x, n, false, 0) / (double)n : 0,
           variance = sum_of(x, n, true, mean) / (double)n;
    if (!p->epsilon_outside) {
        double inverse = 1 / sqrt(variance + epsilon);
        return (Statistics){(float)mean, (float)inverse, 1};
    }
    double root = sqrt(variance);
    return (Statistics){(float)mean, (float)(1 / (root + epsilon)),
                        root > 0 ? (float)((root + epsilon) / root) : 0};
}

DCN_VECTOR static void
normalise(const float *restrict x, float *restrict y, size_t n, Statistics s)
{
    for (size_t i = 0; i < n; i++)
        y[i] = (x[i] - s.mean) * s.inverse;
}

/* factors NULL: all are `one`. */
DCN_VECTOR static void
multiply(float *restrict y, const float *restrict factors, float one, size_t n)
{
    if (factors)
        for (size_t i = 0; i < n; i++)
            y[i] *= factors[i];
    else
        for (size_t i = 0; i < n; i++)
            y[i] *= one;
}

DCN_VECTOR static void
add(float *restrict y, const float *restrict terms, float one, size_t n)
{
    if (terms)
        for (size_t i = 0; i < n; i++)
            y[i] += terms[i];
    else
        for (size_t i = 0; i < n; i++)
            y[i] += one;
}

/* A row of scale or bias: NULL if all of it is *one. */
static const float *
row_or_one(const DcnRows *rows, const float *data, size_t row, float *copy, float *one)
{
    *one = rows->same ? dcn_row_one(rows, data, row) : 0;
    return rows->same ? NULL : dcn_row_read(rows, data, row, copy);
}

static void
forward_row(void *user, size_t image, size_t row, float *scratch)
{
    const DcnCall *call = user;
    const DcnNormal *p = call->params;
    size_t n = p->x.length;
    float *to = dcn_image(&call->out[Y], image);
    const float *x = dcn_row_read(&p->x, dcn_image(&call->in[X], image), row, scratch);
    float *y = dcn_row_start(&p->x, to, row, scratch + ROW_Y * n);
    Statistics s = statistics(p, x);
    float one;
    normalise(x, y, n, s);
    if (p->has_scale) {
        const float *scale = row_or_one(&p->scale, dcn_image(&call->in[SCALE], image),
                                        row, scratch + ROW_SCALE * n, &one);
        multiply(y, scale, one, n);
    }
    if (p->has_bias) {
        const float *bias = row_or_one(&p->bias, dcn_image(&call->in[BIAS], image), row,
                                       scratch + ROW_BIAS * n, &one);
        add(y, bias, one, n);
    }
    dcn_row_added(&p->x, to, row, y);
    if (call->n_out > MEAN && call->out[MEAN].data)
        dcn_image(&call->out[MEAN], image)[row] = s.mean;
    if (call->n_out > INVERSE && call->out[INVERSE].data)
        dcn_image(&call->out[INVERSE], image)[row] = s.inverse;
}

void
dcn_normal_forward(const DcnCall *call)
{
    const DcnNormal *p = call->params;
    dcn_rows_clear(call, &p->x);
    dcn_each_row(call, &p->x, forward_row, (void *)call);
}

/* The signal of output `output` for a row, or 0 if there is none. */
static float
signal_of(const DcnCall *call, size_t output, size_t image, size_t row)
{
    if (output >= call->n_out || !call->out[output].grad)
        return 0;
    return dcn_image_grad(&call->out[output], image)[row];
}

static void
back_row(void *user, size_t image, size_t row, float *scratch)
{
    const DcnCall *call = user;
    const DcnNormal *p = call->params;
    size_t n = p->x.length;
    float *to = dcn_image_grad(&call->in[X], image);
    const float *x = dcn_row_read(&p->x, dcn_image(&call->in[X], image), row, scratch);
    const float *dy = NULL, *scale = NULL;
    Statistics s = statistics(p, x);
    if (call->out[Y].grad)
        dy = dcn_row_read(&p->x, dcn_image_grad(&call->out[Y], image), row,
                          scratch + ROW_Y * n);
    if (p->has_scale)
        scale = dcn_row_read(&p->scale, dcn_image(&call->in[SCALE], image), row,
                             scratch + ROW_SCALE * n);
    double sum = 0, product = 0;
    for (size_t i = 0; dy && i < n; i++) {
        double g = (double)(scale ? dy[i] * scale[i] : dy[i]);
        sum += g;
        product += g * (double)((x[i] - s.mean) * s.inverse);
    }
    /* What each x adds: to the mean 1 / n, to 1 / deviation -h * slope / (n deviation^2).
     */
    float of_mean =
        signal_of(call, MEAN, image, row) - (p->centred ? s.inverse * (float)sum : 0);
    float of_deviation =
        -s.slope * s.inverse *
        ((float)product + s.inverse * signal_of(call, INVERSE, image, row));
    float *dx = dcn_row_start(&p->x, to, row, scratch + ROW_BIAS * n);
    for (size_t i = 0; i < n; i++) {
        float g = !dy ? 0 : scale ? dy[i] * scale[i] : dy[i];
        float h = (x[i] - s.mean) * s.inverse;
        dx[i] += g * s.inverse + (of_mean + h * of_deviation) / (float)n;
    }
    dcn_row_added(&p->x, to, row, dx);
}

/* The sums for input `input`, of all rows of an image. */
static void
back_operand(const DcnCall *call, size_t input, size_t image)
{
    const DcnNormal *p = call->params;
    const DcnRows *rows = input == SCALE ? &p->scale : &p->bias;
    size_t n = p->x.length;
    float *scratch = dcn_scratch(call->context, 0);
    float *to = dcn_image_grad(&call->in[input], image);
    for (size_t row = 0; row < p->x.count; row++) {
        const float *dy = dcn_row_read(&p->x, dcn_image_grad(&call->out[Y], image), row,
                                       scratch + ROW_Y * n);
        float *sums = dcn_row_start(rows, to, row, scratch + ROW_SCALE * n);
        if (input == SCALE) {
            const float *x =
                dcn_row_read(&p->x, dcn_image(&call->in[X], image), row, scratch);
            Statistics s = statistics(p, x);
            for (size_t i = 0; i < n; i++)
                sums[i] += dy[i] * ((x[i] - s.mean) * s.inverse);
        } else {
            for (size_t i = 0; i < n; i++)
                sums[i] += dy[i];
        }
        dcn_row_added(rows, to, row, sums);
    }
}

static bool
has_operand(const DcnNormal *p, size_t input)
{
    return input == SCALE ? p->has_scale : p->has_bias;
}

void
dcn_normal_back(const DcnCall *call)
{
    const DcnNormal *p = call->params;
    bool signal = false;
    for (size_t i = 0; i < call->n_out; i++)
        signal = signal || call->out[i].grad;
    if (signal && call->in[X].grad && call->in[X].stride != 0)
        dcn_each_row(call, &p->x, back_row, (void *)call);
    for (size_t i = SCALE; i <= BIAS; i++)
        if (has_operand(p, i) && dcn_wants_back(call, i))
            for (size_t n = 0; n < call->batch; n++)
                back_operand(call, i, n);
}

void
dcn_normal_grad_weights(const DcnCall *call)
{
    const DcnNormal *p = call->params;
    for (size_t i = SCALE; i <= BIAS; i++)
        if (has_operand(p, i) && dcn_wants_weights(call, i))
            for (size_t n = 0; n < call->batch; n++)
                back_operand(call, i, n);
}

void
dcn_normal_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const DcnNormal *p = call->params;
    if (input == X)
        dcn_reach_axes(&call->out[output].shape, p->axes, in, out);
    else if (dcn_box_is_empty(in))
        *out = (DcnBox){{0}, {0}};
    else
        *out = dcn_shape_box(&call->out[output].shape);
}

void
dcn_normal_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const DcnNormal *p = call->params;
    (void)output;
    if (input == X)
        dcn_reach_axes(&call->in[X].shape, p->axes, out, in);
    else
        *in = dcn_shape_box(&call->in[input].shape);
}

/* A box has whole rows. */
DcnLocality
dcn_normal_local(const void *params, DcnLocalWindow *window)
{
    (void)params;
    (void)window;
    return DCN_LOCAL_CHANNELS;
}
