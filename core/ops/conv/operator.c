/* SPDX-License-Identifier: GPL-3.0-or-later */
/* operator.c: from the call of an operator to runs of the three maps of way.h. */
#include "ops/conv/operator.h"
#include "ops/conv/depthwise_strips.h"
#include "ops/conv/planes.h"
#include "ops/kit/elementwise.h"
#include <math.h>

/* The map that gives the output, and the one that gives the input's gradient. */
static DcnConvMap
map_ahead(const DcnConvParams *p)
{
    return p->transposed ? DCN_CONV_BACK : DCN_CONV_FORWARD;
}

static DcnConvMap
map_back(const DcnConvParams *p)
{
    return p->transposed ? DCN_CONV_FORWARD : DCN_CONV_BACK;
}

void
dcn_conv_plan(DcnSetup *setup, DcnConvParams *params, bool transposed)
{
    params->transposed = transposed;
    params->clamp = dcn_clamp_open();
    DcnConvUse any = {.training = setup->training, .forms = true};
    for (size_t map = 0; map < DCN_CONV_MAPS; map++)
        params->use[map] = any;
    DcnConvUse *ahead = &params->use[map_ahead(params)];
    DcnConvUse *back = &params->use[map_back(params)];
    ahead->ahead = true;
    back->forms = setup->training || setup->backward;
    if (!setup->training && setup->batch > 0) {
        /* signals come back image by image */
        back->images = (size_t)setup->out[0].dim[0];
        ahead->images = back->images * setup->batch;
    }
    for (DcnConvMap map = 0; map < DCN_CONV_MAPS; map++)
        dcn_setup_scratch(setup, dcn_conv_scratch(map, &params->conv, &params->use[map]));
}

/* --- operands --- */

static DcnImages
images_of(const DcnOperand *operand, float *data)
{
    size_t inner = (size_t)operand->shape.dim[0];
    return (DcnImages){data, operand->stride, inner, inner ? operand->count / inner : 0};
}

static DcnOperand
part_of(const DcnOperand *operand, size_t image)
{
    DcnOperand part = *operand;
    if (part.data)
        part.data = dcn_image(operand, image);
    if (part.grad)
        part.grad = dcn_image_grad(operand, image);
    return part;
}

/* Calls run(call). Weights or a bias that differ between images, as they do where a net
 * computes them from the picture, make each image a call of its own. */
static void
each_weights(const DcnCall *call, void (*run)(const DcnCall *call))
{
    const DcnOperand *bias = dcn_input(call, 2);
    if (call->batch <= 1 || (call->in[1].stride == 0 && (!bias || bias->stride == 0))) {
        run(call);
        return;
    }
    for (size_t n = 0; n < call->batch; n++) {
        DcnOperand in[3], out[1] = {part_of(&call->out[0], n)};
        for (size_t i = 0; i < call->n_in; i++)
            in[i] = part_of(&call->in[i], n);
        DcnCall one = *call;
        one.batch = 1;
        one.in = in;
        one.out = out;
        run(&one);
    }
}

/* The run of a map for the operands of a call. */
static DcnConvRun
run_of(const DcnCall *call, DcnConvMap map, const DcnImages *in, const DcnImages *out)
{
    const DcnConvParams *p = call->params;
    return (DcnConvRun){
        .conv = &p->conv,
        .use = &p->use[map],
        .context = call->context,
        .images = call->batch * in->inner,
        .y = p->transposed ? in : out,
        .x = p->transposed ? out : in,
        .weights = call->in[1].data,
        .clamp = dcn_clamp_open(),
    };
}

/* --- forms: those for the way ahead, then those for the way back --- */

size_t
dcn_conv_op_floats(const void *params, bool transform)
{
    const DcnConvParams *p = params;
    DcnConvUse ahead = p->use[map_ahead(p)], back = p->use[map_back(p)];
    ahead.transform = back.transform = transform;
    size_t floats = dcn_conv_forms(map_ahead(p), &p->conv, &ahead);
    return floats + dcn_conv_forms(map_back(p), &p->conv, &back);
}

/* Each way forward over pictures has a form but the depthwise one and the definition, which
 * is left where runs may have fewer images than the forms are for. */
bool
dcn_conv_op_only_prepared(const void *params)
{
    const DcnConvParams *p = params;
    return !p->transposed && p->conv.window.axes < 3 && p->use[DCN_CONV_FORWARD].forms &&
           !p->use[DCN_CONV_BACK].forms && p->use[DCN_CONV_FORWARD].images <= 1 &&
           !dcn_depthwise_fits(&p->conv);
}

void
dcn_conv_op_prepare(const DcnCall *call, bool transform, float *prepared)
{
    const DcnConvParams *p = call->params;
    DcnConvUse ahead = p->use[map_ahead(p)], back = p->use[map_back(p)];
    ahead.transform = back.transform = transform;
    dcn_conv_prepare(map_ahead(p), &p->conv, &ahead, call->in[1].data, prepared);
    prepared += dcn_conv_forms_size(prepared);
    if (back.forms)
        dcn_conv_prepare(map_back(p), &p->conv, &back, call->in[1].data, prepared);
}

/* --- forward --- */

static void
ahead(const DcnCall *call)
{
    const DcnConvParams *p = call->params;
    const DcnOperand *bias = dcn_input(call, 2);
    DcnImages in = images_of(&call->in[0], call->in[0].data);
    DcnImages out = images_of(&call->out[0], call->out[0].data);
    DcnConvRun run = run_of(call, map_ahead(p), &in, &out);
    run.forms = call->prepared;
    run.bias = bias ? bias->data : NULL;
    run.clamp = p->clamp;
    dcn_conv_run(map_ahead(p), &run);
}

void
dcn_conv_ahead(const DcnCall *call)
{
    each_weights(call, ahead);
}

/* --- back --- */

/* Weights and bias whose gradient is wanted; see dcn_wants_back(). */
static void
add_weights(const DcnCall *call, bool (*wants)(const DcnCall *, size_t))
{
    const DcnConvParams *p = call->params;
    DcnImages in = images_of(&call->in[0], call->in[0].data);
    DcnImages signal = images_of(&call->out[0], call->out[0].grad);
    if (wants(call, 1)) {
        DcnConvRun run = run_of(call, DCN_CONV_WEIGHTS, &in, &signal);
        run.dw = call->in[1].grad;
        dcn_conv_run(DCN_CONV_WEIGHTS, &run);
    }
    if (wants(call, 2)) {
        size_t planes = p->transposed ? p->conv.channels : p->conv.maps;
        dcn_planes_sum(call->context, call->batch * signal.inner, planes,
                       signal.size / planes, &signal, call->in[2].grad);
    }
}

static void
add_input(const DcnCall *call)
{
    const DcnConvParams *p = call->params;
    const DcnOperand *x = &call->in[0];
    DcnImages in = images_of(x, x->grad);
    DcnImages signal = images_of(&call->out[0], call->out[0].grad);
    DcnConvRun run = run_of(call, map_back(p), &in, &signal);
    bool boxed = x->box || call->out[0].box;
    if (call->prepared && p->use[map_back(p)].forms)
        run.forms = call->prepared + dcn_conv_forms_size(call->prepared);
    run.add = !x->fresh;
    run.box = call->out[0].box;
    run.narrow = !p->use[map_back(p)].training;
    if (x->rectify && !boxed)
        run.clamp = (DcnClamp){0, INFINITY};
    dcn_conv_run(map_back(p), &run);
    if (x->rectify && boxed)
        dcn_rectify_input(call, 0);
}

static void
back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0))
        add_input(call);
    add_weights(call, dcn_wants_back);
}

void
dcn_conv_back(const DcnCall *call)
{
    each_weights(call, back);
}

void
dcn_conv_grad_weights(const DcnCall *call)
{
    add_weights(call, dcn_wants_weights);
}

/* True if weights and bias are constant, and the chosen way back honours boxes, whose
 * rows are those of a picture. */
bool
dcn_conv_bounded(const DcnCall *call)
{
    const DcnConvParams *p = call->params;
    const DcnOperand *bias = call->n_in > 2 ? &call->in[2] : NULL;
    DcnConvRun run = {.conv = &p->conv, .use = &p->use[map_back(p)], .images = 1};
    return p->conv.window.axes < 3 && call->in[1].stride == 0 &&
           (!bias || bias->stride == 0) && dcn_conv_choose(map_back(p), &run)->boxes;
}

void
dcn_conv_fuse_clamp(void *params, const DcnClamp *clamp)
{
    DcnConvParams *p = params;
    p->clamp = dcn_clamp_join(p->clamp, *clamp);
}

/* --- reach --- */

/* From the image side to the map side, or back: the window's box, and all channels or maps
 * of the groups that are touched. */
static void
other_side(const DcnConv2d *conv, bool to_maps, const DcnBox *from, DcnBox *to)
{
    size_t channels = conv->channels / conv->groups, maps = conv->maps / conv->groups;
    if (to_maps) {
        DcnBox box = dcn_window_groups(from, channels, maps);
        dcn_window_box_ahead(&conv->window, &box, to);
    } else {
        DcnBox box = dcn_window_groups(from, maps, channels);
        dcn_window_box_back(&conv->window, &box, to);
    }
}

void
dcn_conv_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const DcnConvParams *p = call->params;
    if (dcn_box_is_empty(in))
        *out = *in;
    else if (input == 0)
        other_side(&p->conv, !p->transposed, in, out);
    else
        *out = dcn_shape_box(&call->out[output].shape);
}

void
dcn_conv_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const DcnConvParams *p = call->params;
    (void)output;
    if (dcn_box_is_empty(out))
        *in = *out;
    else if (input == 0)
        other_side(&p->conv, p->transposed, out, in);
    else
        *in = dcn_shape_box(&call->in[input].shape);
}
