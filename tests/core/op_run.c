/* op_run.c: runs one operator by itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "op_run.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A mistake in a test, or no memory. */
static void
must(bool truth, const char *what)
{
    if (truth)
        return;
    fprintf(stderr, "op_run: %s\n", what);
    abort();
}

void
op_begin(OpRun *run, const char *op, int opset)
{
    memset(run, 0, sizeof *run);
    run->op = dcn_op_find(op);
    must(run->op, "no such operator");
    run->opset = opset;
    run->batch = 1;
    run->threads = 1;
    run->random = 12345;
    run->node =
        (DcnNode){.name = "n", .type = op, .domain = "", .attributes = run->attributes};
}

void
op_end(OpRun *run)
{
    for (size_t i = 0; i < OP_RUN_MOST; i++) {
        free(run->in[i].data);
        free(run->in[i].grad);
        free(run->out[i].data);
        free(run->out[i].grad);
        if (run->constant[i] && run->value[i].type == DCN_INT64)
            free((void *)run->value[i].data);
    }
    free(run->params);
    free(run->kept);
    free(run->prepared);
    dcn_context_free(run->context);
}

static DcnAttribute *
add_attribute(OpRun *run, const char *name, DcnAttributeKind kind)
{
    must(run->node.n_attributes < OP_RUN_MOST, "too many attributes");
    DcnAttribute *attribute = &run->attributes[run->node.n_attributes++];
    attribute->name = name;
    attribute->kind = kind;
    return attribute;
}

void
op_int(OpRun *run, const char *name, int64_t value)
{
    add_attribute(run, name, DCN_ATTRIBUTE_INT)->i = value;
}

void
op_float(OpRun *run, const char *name, float value)
{
    add_attribute(run, name, DCN_ATTRIBUTE_FLOAT)->f = value;
}

void
op_string(OpRun *run, const char *name, const char *value)
{
    add_attribute(run, name, DCN_ATTRIBUTE_STRING)->string = value;
}

void
op_ints(OpRun *run, const char *name, size_t count, const int64_t *values)
{
    int64_t *copy = run->ints[run->node.n_attributes];
    must(count <= OP_RUN_MOST, "too long a list");
    memcpy(copy, values, count * sizeof *copy);
    DcnAttribute *attribute = add_attribute(run, name, DCN_ATTRIBUTE_INTS);
    attribute->count = count;
    attribute->ints = copy;
}

float
op_random(OpRun *run)
{
    run->random = run->random * 1664525U + 1013904223U;
    return (float)(run->random >> 8) / (float)(1 << 23) - 1;
}

void
op_noise(OpRun *run, float *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = op_random(run);
}

/* Places on a grid from -2 to 2, none of them 0, in random order. */
static void
scatter_values(OpRun *run, float *values, size_t count)
{
    float step = 4 / (float)(count + 1);
    for (size_t i = 0; i < count; i++)
        values[i] = -2 + step * ((float)i + 0.7F);
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)((op_random(run) + 1) / 2 * (float)i) % i;
        float swap = values[i - 1];
        values[i - 1] = values[j];
        values[j] = swap;
    }
}

static float *
new_floats(size_t count)
{
    float *data = calloc(count + 1, sizeof *data);
    must(data, "no memory");
    return data;
}

static float *
add_input(OpRun *run, int rank, const int64_t *dims, const float *data, bool constant)
{
    must(run->n_in < OP_RUN_MOST, "too many inputs");
    size_t i = run->n_in++;
    DcnOperand *in = &run->in[i];
    in->shape = dcn_shape(rank, dims);
    in->count = dcn_shape_count(&in->shape);
    in->stride = constant ? 0 : in->count;
    size_t total = constant ? in->count : in->count * run->batch;
    in->data = new_floats(total);
    in->grad = new_floats(total);
    if (data)
        memcpy(in->data, data, total * sizeof *data);
    else
        scatter_values(run, in->data, total);
    run->given[i] = true;
    run->constant[i] = constant;
    run->value[i] = (DcnTensor){DCN_FLOAT, in->shape, in->data};
    return in->data;
}

float *
op_input(OpRun *run, int rank, const int64_t *dims, const float *data)
{
    return add_input(run, rank, dims, data, false);
}

float *
op_weight(OpRun *run, int rank, const int64_t *dims, const float *data)
{
    return add_input(run, rank, dims, data, true);
}

void
op_list(OpRun *run, size_t count, const int64_t *values)
{
    size_t i = run->n_in;
    float *floats = add_input(run, 1, (int64_t[]){(int64_t)count}, NULL, true);
    int64_t *copy = calloc(count + 1, sizeof *copy);
    must(copy, "no memory");
    for (size_t k = 0; k < count; k++) {
        copy[k] = values[k];
        floats[k] = (float)values[k];
    }
    run->value[i].type = DCN_INT64;
    run->value[i].data = copy;
    free(run->in[i].grad);
    run->in[i].grad = NULL;
}

void
op_left_out(OpRun *run)
{
    run->n_in++;
}

size_t
op_total(const OpRun *run, const DcnOperand *operand)
{
    return operand->stride ? operand->count * run->batch : operand->count;
}

bool
op_setup(OpRun *run, size_t n_out)
{
    const DcnShape *in[OP_RUN_MOST] = {NULL};
    const DcnTensor *value[OP_RUN_MOST] = {NULL};
    DcnShape out[OP_RUN_MOST] = {{0}};
    for (size_t i = 0; i < run->n_in; i++) {
        in[i] = run->given[i] ? &run->in[i].shape : NULL;
        value[i] = run->constant[i] ? &run->value[i] : NULL;
    }
    must(n_out <= run->op->outputs.max && run->n_in >= run->op->inputs.min &&
             run->n_in <= run->op->inputs.max,
         "that many inputs and outputs it does not take");
    run->n_out = n_out;
    run->params = calloc(1, run->op->params_size + 1);
    DcnSetup setup = {
        .op = run->op,
        .node = &run->node,
        .opset = run->opset,
        .file_batch = run->file_batch,
        .training = run->training,
        .backward = run->backward,
        .n_in = run->n_in,
        .n_out = n_out,
        .in = in,
        .value = value,
        .out = out,
        .params = run->params,
        .error = &run->error,
    };
    if (!run->op->setup(&setup))
        return false;
    for (size_t i = 0; i < n_out; i++) {
        DcnOperand *y = &run->out[i];
        y->shape = out[i];
        must(dcn_shape_elements(&y->shape, &y->count), "an output has no size");
        y->stride = y->count;
        y->data = new_floats(y->count * run->batch);
        y->grad = new_floats(y->count * run->batch);
    }
    size_t floats = run->op->prepare ? run->op->prepared_floats(run->params, true) : 0;
    run->prepared = floats ? new_floats(floats) : NULL;
    run->kept_stride = (setup.kept + 15) / 16 * 16;
    run->kept = calloc(run->batch, run->kept_stride + 1);
    run->context = dcn_context_new(run->threads, &run->error);
    return run->context && dcn_context_reserve(run->context, setup.scratch, &run->error);
}

DcnCall
op_call(OpRun *run)
{
    return (DcnCall){
        .params = run->params,
        .batch = run->batch,
        .n_in = run->n_in,
        .n_out = run->n_out,
        .in = run->in,
        .out = run->out,
        .element = sizeof(float),
        .kept = run->kept,
        .kept_stride = run->kept_stride,
        .prepared = run->plain ? NULL : run->prepared,
        .transformed = !run->plain,
        .context = run->context,
    };
}

void
op_forward(OpRun *run)
{
    DcnCall call = op_call(run);
    for (size_t i = 0; i < run->n_out; i++) /* what a plan's memory held before */
        for (size_t k = 0; k < run->out[i].count * run->batch; k++)
            run->out[i].data[k] = 1e30F;
    if (call.prepared) /* tests change weights between runs */
        run->op->prepare(&call, true, run->prepared);
    run->op->forward(&call);
}

static void
zero_gradients(OpRun *run)
{
    for (size_t i = 0; i < run->n_in; i++)
        if (run->in[i].grad)
            memset(run->in[i].grad, 0, op_total(run, &run->in[i]) * sizeof(float));
}

void
op_back(OpRun *run, DcnMethod method)
{
    DcnCall call = op_call(run);
    zero_gradients(run);
    for (size_t i = 0; i < run->n_in; i++)
        for (size_t k = 0; run->in[i].fresh && k < op_total(run, &run->in[i]); k++)
            run->in[i].grad[k] = NAN;
    run->op->back[method](&call);
}

void
op_grad_weights(OpRun *run)
{
    DcnCall call = op_call(run);
    zero_gradients(run);
    run->op->grad_weights(&call);
}
