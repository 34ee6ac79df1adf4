/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gradients.c: tests a trainer's gradients against central differences of its loss.
 *
 * Each operator stands in a net of its own, between parameters and the loss:
 *
 *     x (2 numbers) -> MatMul -> + b -> Reshape -> the operator -> Reshape -> MatMul -> z
 *
 * b is learned and has one number for each element of the operator's input, so its
 * gradient is all that comes back through the operator, summed over the images. x moves
 * the images apart. The operator's own weights are learned where they should be. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/op_samples.h"
#include "trainer.h"
#include <stdlib.h>

#define OP(name) extern const DcnOp dcn_op_##name;
#include "ops/list.h"
#undef OP

#define CLASSES 3
#define BATCH 3
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

typedef struct {
    OpRun run; /* shapes, attributes and constants of the operator */
    NewModel *net;
    DcnModel *model;
    DcnContext *context;
    DcnTrainer *trainer;
} Fixture;

/* --- the net --- */

static guint32 noise_state;

static float
noise(void)
{
    noise_state = noise_state * 1664525U + 1013904223U;
    return (float)(noise_state >> 8) / (float)(1 << 23) - 1;
}

static void
noisy_weights(
    NewModel *net, const char *name, const char *shape, size_t count, float size)
{
    g_autofree float *values = g_new(float, count);
    for (size_t i = 0; i < count; i++)
        values[i] = noise() * size;
    new_floats(net, name, shape, values);
}

static char *
shape_text(const DcnShape *shape)
{
    GString *text = g_string_new(NULL);
    for (int d = 0; d < shape->rank; d++)
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, d ? "," : "", shape->dim[d]);
    return g_string_free(text, FALSE);
}

static char *
attributes_text(const DcnNode *node)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < node->n_attributes; i++) {
        const DcnAttribute *a = &node->attributes[i];
        if (a->kind ==
            DCN_ATTRIBUTE_STRINGS) /* functions of gates: then the usual ones */
            continue;
        g_string_append_printf(text, "%s%s=", text->len ? ";" : "", a->name);
        if (a->kind == DCN_ATTRIBUTE_INT)
            g_string_append_printf(text, "%" G_GINT64_FORMAT, a->i);
        else if (a->kind == DCN_ATTRIBUTE_FLOAT)
            g_string_append_printf(text, ".%.9g", (double)a->f);
        else if (a->kind == DCN_ATTRIBUTE_STRING)
            g_string_append_printf(text, ":%s", a->string);
        for (size_t k = 0; a->kind == DCN_ATTRIBUTE_INTS && k < a->count; k++)
            g_string_append_printf(text, "%s%" G_GINT64_FORMAT, k ? "," : "[",
                                   a->ints[k]);
    }
    return g_string_free(text, FALSE);
}

/* Then neither images nor steps may be further apart than a small part of the distance
 * between two values of b, which is 4 / (count + 1). */
static bool
has_kinks(const Fixture *f)
{
    static const char *const kinked[] = {
        "Abs",           "Clip",        "Elu",
        "GlobalMaxPool", "HardSigmoid", "HardSwish",
        "LeakyRelu",     "Max",         "Min",
        "MaxPool",       "PRelu",       "Relu",
        "Selu",          "ReduceL1",    "ReduceL2",
        "ReduceMax",     "ReduceMin",   "LpNormalization",
        "LpPool",        "GridSample",  "DeformConv",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinked); i++)
        if (strcmp(f->run.op->name, kinked[i]) == 0)
            return true;
    return false;
}

/* Input i of the operator, called in<i>: made of b<i>, or an initialiser. */
static void
add_operand(Fixture *f, size_t i)
{
    const DcnOperand *in = &f->run.in[i];
    g_autofree char *name = g_strdup_printf("in%zu", i);
    g_autofree char *shape = shape_text(&in->shape);
    if (f->run.constant[i] && f->run.value[i].type == DCN_INT64) {
        GString *list = g_string_new(NULL);
        for (size_t k = 0; k < in->count; k++)
            g_string_append_printf(list, "%s%" G_GINT64_FORMAT, k ? "," : "",
                                   ((const gint64 *)f->run.value[i].data)[k]);
        new_shaped_ints(f->net, name, shape, list->str);
        g_string_free(list, TRUE);
        return;
    }
    if (f->run.constant[i]) {
        new_floats(f->net, name, shape, in->data);
        return;
    }
    g_autofree char *b = g_strdup_printf("b%zu", i);
    g_autofree char *sum = g_strdup_printf("sum%zu", i);
    g_autofree char *weights = g_strdup_printf("w%zu", i);
    g_autofree char *spread = g_strdup_printf("spread%zu", i);
    g_autofree char *target = g_strdup_printf("shape%zu", i);
    g_autofree char *grid = g_strdup_printf("2,%zu", in->count);
    g_autofree char *row = g_strdup_printf("1,%zu", in->count);
    g_autofree char *product = g_strdup_printf("x;%s", weights);
    g_autofree char *terms = g_strdup_printf("%s;%s", spread, b);
    g_autofree char *view = g_strdup_printf("%s;%s", sum, target);
    noisy_weights(f->net, weights, grid, 2 * in->count,
                  has_kinks(f) ? 0.1F / (float)(in->count + 1) : 0.3F);
    new_floats(f->net, b, row, in->data);
    new_ints(f->net, target, shape);
    new_node(f->net, "MatMul", "", product, spread, "");
    new_node(f->net, "Add", "", terms, sum, "");
    new_node(f->net, "Reshape", "", view, name, "");
}

static double
root_mean_square(const DcnOperand *y)
{
    double squares = 0;
    for (size_t k = 0; k < y->count; k++)
        squares += (double)y->data[k] * (double)y->data[k];
    return sqrt(squares / (double)y->count);
}

/* All outputs of the operator come into the scores, which are near 1. */
static void
add_head(Fixture *f)
{
    op_forward(&f->run);
    new_ints(f->net, "row", "1,-1");
    for (size_t j = 0; j < f->run.n_out; j++) {
        size_t count = f->run.out[j].count;
        g_autofree char *view = g_strdup_printf("out%zu;row", j);
        g_autofree char *flat = g_strdup_printf("flat%zu", j);
        g_autofree char *weights = g_strdup_printf("head%zu", j);
        g_autofree char *shape = g_strdup_printf("%zu,%d", count, CLASSES);
        g_autofree char *product = g_strdup_printf("%s;%s", flat, weights);
        g_autofree char *scores = g_strdup_printf("z%zu", j);
        new_node(f->net, "Reshape", "", view, flat, "");
        double size = sqrt((double)count) * (0.1 + root_mean_square(&f->run.out[j]));
        noisy_weights(f->net, weights, shape, count * CLASSES, (float)(2 / size));
        new_node(f->net, "MatMul", "", product, scores, "");
    }
    GString *all = g_string_new("z0");
    for (size_t j = 1; j < f->run.n_out; j++)
        g_string_append_printf(all, ";z%zu", j);
    new_node(f->net, "Sum", "", all->str, "z", "");
    g_string_free(all, TRUE);
    new_output(f->net, "z");
}

static void
add_operator(Fixture *f)
{
    GString *inputs = g_string_new(NULL), *outputs = g_string_new(NULL);
    for (size_t i = 0; i < f->run.n_in; i++) {
        if (f->run.given[i])
            add_operand(f, i);
        g_string_append(inputs, i ? ";" : "");
        if (f->run.given[i])
            g_string_append_printf(inputs, "in%zu", i);
    }
    for (size_t j = 0; j < f->run.n_out; j++)
        g_string_append_printf(outputs, "%sout%zu", j ? ";" : "", j);
    g_autofree char *attributes = attributes_text(&f->run.node);
    new_node(f->net, f->run.op->name, "op", inputs->str, outputs->str, attributes);
    g_string_free(inputs, TRUE);
    g_string_free(outputs, TRUE);
}

static void
end(Fixture *f)
{
    dcn_trainer_free(f->trainer);
    dcn_context_free(f->context);
    dcn_model_free(f->model);
    if (f->net)
        new_model_free(f->net);
    op_end(&f->run);
}

/* Seeded inputs and targets: a distribution for each image. */
static void
fill(Fixture *f)
{
    float *x = dcn_trainer_input(f->trainer), *t = dcn_trainer_targets(f->trainer);
    for (size_t i = 0; i < 2 * BATCH; i++)
        x[i] = noise();
    for (size_t n = 0; n < BATCH; n++)
        for (size_t k = 0; k < CLASSES; k++)
            t[n * CLASSES + k] = k == n % CLASSES ? 0.7F : 0.3F / (CLASSES - 1);
}

static bool
start(Fixture *f, const OpSample *sample, int threads)
{
    DcnError error = {0};
    *f = (Fixture){0};
    if (!op_sample_start(&f->run, sample, 1, 1))
        return false;
    noise_state = 4711;
    f->net = new_model(MAX(sample->opset, 7)); /* Clip's attributes */
    new_input(f->net, "x", "-1,2");
    add_operator(f);
    add_head(f);
    f->model = new_model_open(f->net, &error);
    f->context = dcn_context_new(threads, &error);
    if (f->model && f->context)
        f->trainer = dcn_trainer_new(f->model, f->context,
                                     &(DcnTrainerOptions){.batch = BATCH}, &error);
    if (!f->trainer) {
        check_fail("%s %s: %s", sample->op, sample->what, error.text);
        return false;
    }
    fill(f);
    return true;
}

/* --- differences --- */

static double
loss_of(Fixture *f)
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
slope(Fixture *f, float *value, float h)
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

/* How far a parameter may move; in the head, so far that scores move by less than one.
 */
static float
step_size(const Fixture *f, const DcnParameter *p)
{
    if (g_str_has_prefix(p->name, "head"))
        return 1 / (64 * (float)(1 + root_mean_square(&f->run.out[p->name[4] - '0'])));
    return has_kinks(f) ? 0.1F / (float)(f->run.in[0].count + 1) : 1.0F / 64;
}

/* Scores are floats near 1: a loss is known to some 1e-7, a slope over 2 h to 1e-7 / h, and
 * what slope() makes of those of h and h / 2 to (4 * 2 + 1) / 3 times as much. */
static void
check_parameter(Fixture *f, const OpSample *sample, const DcnParameter *p)
{
    loss_of(f);
    g_autofree float *gradient = g_memdup2(p->gradient, p->count * sizeof(float));
    size_t step = (p->count - 1) / MOST_PROBES + 1;
    float h = step_size(f, p);
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
    Fixture f;
    const DcnOp *op = op_by_name(sample->op);
    if (op->domain || !op->back[DCN_GRADIENT] || sample->traits & NO_SLOPE)
        return; /* models of the trainer are composed of ONNX's own operators */
    if (start(&f, sample, 1)) {
        for (size_t i = 0; i < dcn_trainer_parameter_count(f.trainer); i++)
            if (dcn_trainer_parameter(f.trainer, i)->gradient)
                check_parameter(&f, sample, dcn_trainer_parameter(f.trainer, i));
    }
    end(&f);
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
is_learned(const Fixture *f, const char *name)
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
    Fixture f;
    const DcnOp *op = op_by_name(sample->op);
    if (op->domain || !dcn_op_goes_back(op, DCN_GRADIENT))
        return;
    if (start(&f, sample, 1))
        for (size_t i = 0; i < f.run.n_in; i++) {
            g_autofree char *name = g_strdup_printf("in%zu", i);
            bool wanted = f.run.constant[i] && should_be_learned(op, i);
            if (is_learned(&f, name) != wanted)
                check_fail("%s %s: input %zu is %slearned", sample->op, sample->what, i,
                           wanted ? "not " : "");
        }
    end(&f);
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
