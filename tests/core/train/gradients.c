/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gradients.c: tests a trainer's gradients against central differences of its loss.
 *
 * Each operator stands in a net of its own (core/fixture/operator_net.h). */
#include "check.h"
#include "core/fixture/operator_net.h"
#include <stdlib.h>

#define OP(name) extern const DcnOp dcn_op_##name;
#include "ops/list.h"
#undef OP

#define MOST_PROBES 40 /* numbers of one parameter that are tried */

/* Beside op_samples: what only a trainer does otherwise, or other ways of convolutions.
 */
static const OpSample more_samples[] = {
    {"Conv", 11, 1, 0, "kernel larger than the picture",
     "pads=[3,2,2,4] x:1x2x3x3 w:4x2x5x6"},
    {"Conv", 11, 1, 0, "pads larger than the kernel",
     "pads=[3,0,4,2] x:1x3x4x5 w:4x3x2x2 w:4"},
    {"Conv", 11, 1, 0, "places behind the last window",
     "strides=[3,3] x:1x3x8x9 w:4x3x2x2 w:4"},
    {"Conv", 11, 1, 0, "stride 1, dilation",
     "dilations=[2,3] pads=[2,1,0,3] x:1x3x7x8 w:5x3x3x2 w:5"},
    {"Conv", 11, 1, 0, "groups, stride 1",
     "pads=[1,1,1,1] group=2 x:1x6x5x4 w:4x3x3x3 w:4"},
    {"Conv", 11, 1, 0, "many channels", "pads=[1,1,1,1] x:1x24x9x10 w:20x24x3x3 w:20"},
    {"Conv", 11, 1, 0, "many channels, 1x1", "x:1x33x5x6 w:18x33x1x1 w:18"},
    {"Conv", 11, 1, 0, "many channels, 5x3", "pads=[0,2,3,1] x:1x17x7x6 w:9x17x5x3 w:9"},
    {"Conv", 11, 1, 0, "weights of the picture",
     "pads=[1,1,1,1] x:1x2x4x4 x:3x2x3x3 x:3"},
    {"Conv", 11, 1, 0, "bias of the picture", "x:1x2x4x4 w:3x2x2x2 x:3"},
    {"BatchNormalization", 9, 1, 0, "before opset 14",
     "x:1x3x2x4 w:3 w:3 w:3 c:3=0.5,1.25,2"},
    {"BatchNormalization", 15, 1, 0, "no places", "x:1x4 w:4 w:4 w:4 c:4=0.5,1.25,2,1"},
    {"PRelu", 14, 1, 0, "one slope", "x:1x3x4x2 w:1"},
    {"PRelu", 14, 1, 0, "a slope a place", "x:1x2x3x2 w:2x3x2"},
    {"CastLike", 15, 1, 0, "", "x:1x3x2x2 c:1=1"},
    {"Concat", 13, 1, 0, "three", "axis=1 x:1x2x3x2 x:1x1x3x2 x:1x3x3x2"},
    {"Scatter", 9, 1, 0, "", "axis=1 x:1x4 i:1x3=0,1,3 x:1x3"},
    {"MatMul", 13, 1, 0, "weights in front", "w:3x4 x:4x2"},
};

/* --- differences --- */

static double
loss_of(OperatorNet *f)
{
    double loss = NAN;
    DcnError error = {0};
    if (!dcn_trainer_run(f->trainer, false, &loss, &error))
        check_fail("%s", error.text);
    return loss;
}

/* dL/dw[k] by two central differences; their combination cancels the error of order h^2
 * (Richardson). */
static double
slope(OperatorNet *f, float *value, float h)
{
    double estimate[2];
    for (int i = 0; i < 2; i++) {
        float kept = *value, step = i ? h / 2 : h;
        *value = kept + step;
        double up = (double)*value, above = loss_of(f);
        *value = kept - step;
        double down = (double)*value, below = loss_of(f);
        *value = kept;
        estimate[i] = (above - below) / (up - down);
    }
    return (4 * estimate[1] - estimate[0]) / 3;
}

static double
largest(const float *values, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs((double)values[i]));
    return most;
}

static double worst; /* error of all parameters, as a share of what is allowed */

/* Scores are floats near 1: a loss is known to some 1e-7, a slope over 2 h to 1e-7 / h, and
 * what slope() makes of those of h and h / 2 to (4 * 2 + 1) / 3 times as much. */
static void
check_parameter(OperatorNet *f, const OpSample *sample, const DcnParameter *p)
{
    loss_of(f);
    g_autofree float *gradient = g_memdup2(p->gradient, p->count * sizeof(float));
    size_t step = (p->count - 1) / MOST_PROBES + 1;
    float h = operator_net_step(f, p);
    double bound = 1e-3 * largest(gradient, p->count) + 3e-7 / (double)h;
    for (size_t k = 0; k < p->count; k += step) {
        double wanted = slope(f, &p->value[k], h);
        double error = fabs(wanted - (double)gradient[k]);
        worst = fmax(worst, error / bound);
        if (error <= bound)
            continue;
        check_fail(
            "%s %s: %s[%zu] has the gradient %.6g, differences say %.6g (bound %.2g)",
            sample->op, sample->what, p->name, k, (double)gradient[k], wanted, bound);
        return;
    }
}

static void
gradients_are_differences(const OpSample *sample)
{
    OperatorNet f;
    const DcnOp *op = op_by_name(sample->op);
    if (op->domain || !op->back[DCN_GRADIENT] || sample->traits & NO_SLOPE)
        return; /* models of the trainer are composed of ONNX's own operators */
    if (operator_net_start(&f, sample, 1)) {
        for (size_t i = 0; i < dcn_trainer_parameter_count(f.trainer); i++)
            if (dcn_trainer_parameter(f.trainer, i)->gradient)
                check_parameter(&f, sample, dcn_trainer_parameter(f.trainer, i));
    }
    operator_net_end(&f);
}

static void
gradients_of_every_operator_are_differences_of_the_loss(void)
{
    worst = 0;
    for (size_t i = 0; i < op_sample_count; i++)
        gradients_are_differences(&op_samples[i]);
    printf("# largest error: %.2f of what is allowed\n", worst);
}

static void
gradients_of_what_only_trainers_do_are_differences_too(void)
{
    worst = 0;
    for (size_t i = 0; i < sizeof more_samples / sizeof *more_samples; i++)
        gradients_are_differences(&more_samples[i]);
    printf("# largest error: %.2f of what is allowed\n", worst);
}

/* --- what is learned --- */

static bool
is_learned(const OperatorNet *f, const char *name)
{
    for (size_t i = 0; i < dcn_trainer_parameter_count(f->trainer); i++)
        if (strcmp(dcn_trainer_parameter(f->trainer, i)->name, name) == 0)
            return dcn_trainer_parameter(f->trainer, i)->gradient != NULL;
    return false;
}

/* Constants of elementwise operators are learned right behind weights; here a Reshape
 * stands between. */
static bool
should_be_learned(const DcnOp *op, size_t index)
{
    static const char *const weighted[] = {"Conv", "ConvTranspose", "Gemm", "MatMul",
                                           "PRelu"};
    for (size_t i = 0; i < G_N_ELEMENTS(weighted); i++)
        if (strcmp(op->name, weighted[i]) == 0)
            return true;
    if (strcmp(op->name, "BatchNormalization") == 0)
        return index < 3;
    if (strcmp(op->name, "DeformConv") == 0)
        return index == 1 || index == 3; /* neither offsets nor masks */
    return strstr(op->name, "Normalization") != NULL;
}

static void
learned_of(const OpSample *sample)
{
    OperatorNet f;
    const DcnOp *op = op_by_name(sample->op);
    if (op->domain || !dcn_op_goes_back(op, DCN_GRADIENT))
        return;
    if (operator_net_start(&f, sample, 1))
        for (size_t i = 0; i < f.run.n_in; i++) {
            g_autofree char *name = g_strdup_printf("in%zu", i);
            bool wanted = f.run.constant[i] && should_be_learned(op, i);
            if (is_learned(&f, name) != wanted)
                check_fail("%s %s: input %zu is %slearned", sample->op, sample->what, i,
                           wanted ? "not " : "");
        }
    operator_net_end(&f);
}

static void
weights_are_learned_and_constants_are_not(void)
{
    for (size_t i = 0; i < op_sample_count; i++)
        learned_of(&op_samples[i]);
}

static bool
has_sample(const DcnOp *op, const OpSample *samples, size_t count, bool with_weights)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = samples[i].text;
        if (strcmp(samples[i].op, op->name) == 0 && !(samples[i].traits & NO_SLOPE) &&
            (!with_weights || strstr(text, "w:") || strstr(text, "b:") ||
             strstr(text, "c:")))
            return true;
    }
    return false;
}

/* The derivative is 0 nearly everywhere, whatever a projection sends through. */
static bool
is_a_step(const DcnOp *op)
{
    static const char *const steps[] = {"And",
                                        "Ceil",
                                        "Equal",
                                        "Floor",
                                        "Greater",
                                        "Less",
                                        "GreaterOrEqual",
                                        "LessOrEqual",
                                        "Not",
                                        "Or",
                                        "Xor",
                                        "Hardmax",
                                        "ArgMax",
                                        "ArgMin",
                                        "OneHot",
                                        "QuantizeLinear",
                                        "DynamicQuantizeLinear",
                                        "QLinearConv",
                                        "QLinearMatMul"};
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (strcmp(op->name, steps[i]) == 0)
            return true;
    return false;
}

/* Checks that every operator is tried. */
static void
every_operator_with_a_derivative_is_tried(void)
{
    static const DcnOp *const ops[] = {
#define OP(name) &dcn_op_##name,
#include "ops/list.h"
#undef OP
    };
    size_t more = G_N_ELEMENTS(more_samples);
    for (size_t i = 0; i < G_N_ELEMENTS(ops); i++) {
        bool weights = ops[i]->grad_weights != NULL;
        if (ops[i]->back[DCN_GRADIENT] && !ops[i]->domain && !is_a_step(ops[i]) &&
            !has_sample(ops[i], op_samples, op_sample_count, weights) &&
            !has_sample(ops[i], more_samples, more, weights))
            check_fail("%s is not tried", ops[i]->name);
    }
}

CHECK_MAIN(CHECK_TEST(every_operator_with_a_derivative_is_tried),
           CHECK_TEST(weights_are_learned_and_constants_are_not),
           CHECK_TEST(gradients_of_every_operator_are_differences_of_the_loss),
           CHECK_TEST(gradients_of_what_only_trainers_do_are_differences_too))
