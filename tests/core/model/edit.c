/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit.c: tests of models that get another head, and of normalisations folded into
 * weights. */
#include "edit.h"
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"
#include "core/fixture/net.h"
#include "trainer.h"

static DcnModel *
opened(NewModel *net)
{
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    check(model != NULL, error.text);
    return model;
}

static void
check_shape(const DcnModel *model, const char *name, const char *wanted)
{
    DcnTensor tensor;
    char text[128];
    if (check(dcn_model_weights(model, name, &tensor), name) &&
        strcmp(dcn_shape_print(&tensor.shape, text), wanted) != 0)
        check_fail("%s is %s, should be %s", name, text, wanted);
}

static bool
all_zero(const DcnModel *model, const char *name)
{
    DcnTensor tensor;
    if (!dcn_model_weights(model, name, &tensor))
        return false;
    const char *bytes = tensor.data; /* of a file: perhaps unaligned */
    for (size_t i = 0; i < dcn_shape_count(&tensor.shape) * sizeof(float); i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* --- heads --- */

typedef struct {
    const char *what;
    const char *type, *attributes;      /* of the head's node: x;w or x;w;bias */
    const char *weights, *bias;         /* shapes; bias NULL: none */
    bool add;                           /* the bias is that of an Add behind */
    const char *new_weights, *new_bias; /* as printed, of five classes */
} Head;

/* A body of 6 channels, rectified, and the head; maps are averaged before or behind. */
static NewModel *
headed(const Head *head)
{
    NewModel *net = new_model(13);
    bool conv = strcmp(head->type, "Conv") == 0;
    bool own = head->bias && !head->add;
    new_input(net, "x", "-1,3,5,7");
    new_weights(net, "body", "6,3,3,3", 1);
    new_weights(net, "w", head->weights, 2);
    if (head->bias)
        new_weights(net, "bias", head->bias, 3);
    new_node(net, "Conv", "", "x;body", "c", "");
    new_node(net, "Relu", "", "c", "r", "");
    if (!conv) {
        new_node(net, "GlobalAveragePool", "", "r", "g", "");
        new_node(net, "Flatten", "", "g", "flat", "");
    }
    g_autofree char *inputs =
        g_strdup_printf("%s;w%s", conv ? "r" : "flat", own ? ";bias" : "");
    new_node(net, head->type, "head", inputs, "h", head->attributes);
    if (head->add)
        new_node(net, "Add", "", "bias;h", "sum", "");
    const char *scores = head->add ? "sum" : "h";
    if (conv) {
        new_node(net, "GlobalAveragePool", "", scores, "gh", "");
        new_node(net, "Flatten", "", "gh", "z", "");
        scores = "z";
    }
    new_node(net, "Softmax", "", scores, "end", "axis=1");
    new_output(net, "end");
    return net;
}

static void
check_head(const Head *head)
{
    DcnError error = {0};
    NewModel *net = headed(head);
    DcnModel *model = opened(net);
    const char *name = NULL;
    DcnTensor body;
    check(dcn_model_new_head(model, 5, 1, &name, &error), error.text);
    check(g_strcmp0(name, "w") == 0, "the weights' name");
    check_shape(model, "w", head->new_weights);
    DcnTensor w;
    double squares = 0;
    if (check(dcn_model_weights(model, "w", &w), "weights"))
        for (size_t i = 0; i < dcn_shape_count(&w.shape); i++)
            squares += pow((double)((const float *)w.data)[i], 2) / 30;
    check(squares > 2e-5 && squares < 3e-4, "30 weights of deviation 0.01");
    if (head->bias) {
        check_shape(model, "bias", head->new_bias);
        check(all_zero(model, "bias"), "a bias of zero");
    }
    check(dcn_model_weights(model, "body", &body) && !all_zero(model, "body"),
          "the body");
    size_t count;
    g_autofree float *p = model_run(model, &count); /* of two images */
    check_int((long long)count, 10, "probabilities");
    for (size_t i = 0; p && i < count; i++)
        if (fabs((double)p[i] - 0.2) > 0.01)
            check_fail("p[%zu] is %g, should be near 1/5", i, (double)p[i]);
    if (check_failures)
        check_fail("of %s", head->what);
    dcn_model_free(model);
    new_model_free(net);
}

static void
heads_of_each_kind_get_new_classes(void)
{
    static const Head heads[] = {
        {"Gemm, transB", "Gemm", "transB=1", "4,6", "4", false, "5x6", "5"},
        {"Gemm", "Gemm", "", "6,4", "4", false, "6x5", "5"},
        {"Gemm, a row of bias", "Gemm", "transB=1", "4,6", "1,4", false, "5x6", "1x5"},
        {"Gemm without bias", "Gemm", "transB=1", "4,6", NULL, false, "5x6", NULL},
        {"Gemm of one class", "Gemm", "transB=1", "1,6", "1", false, "5x6", "5"},
        {"MatMul", "MatMul", "", "6,4", NULL, false, "6x5", NULL},
        {"MatMul and Add", "MatMul", "", "6,4", "4", true, "6x5", "5"},
        {"MatMul and a row", "MatMul", "", "6,4", "1,4", true, "6x5", "1x5"},
        {"Conv", "Conv", "", "4,6,1,1", "4", false, "5x6x1x1", "5"},
        {"Conv without bias", "Conv", "", "4,6,1,1", NULL, false, "5x6x1x1", NULL},
        {"Conv and Add", "Conv", "", "4,6,1,1", "4,1,1", true, "5x6x1x1", "5x1x1"},
        {"Conv and Add, 1 x", "Conv", "", "4,6,1,1", "1,4,1,1", true, "5x6x1x1",
         "1x5x1x1"},
        {"Conv of one class", "Conv", "", "1,6,1,1", "1,1,1", true, "5x6x1x1", "5x1x1"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
        check_head(&heads[i]);
}

static void
a_new_head_can_learn(void)
{
    const Head head = {"", "MatMul", "", "6,4", "4", true, NULL, NULL};
    DcnError error = {0};
    NetFixture f = net_open(headed(&head), 1);
    check(dcn_model_new_head(f.model, 5, 1, NULL, &error), error.text);
    DcnTrainer *trainer =
        dcn_trainer_new(f.model, f.context, &(DcnTrainerOptions){.batch = 2}, &error);
    if (check(trainer != NULL, error.text)) {
        check_int((long long)dcn_trainer_classes(trainer), 5, "classes");
        check_int((long long)dcn_trainer_parameter_count(trainer), 3, "body, w, bias");
    }
    dcn_trainer_free(trainer);
    net_close(&f);
}

/* As in SqueezeNet: with weights of zero nothing would come back through the
 * rectifier. */
static void
a_new_head_before_a_rectifier_can_learn(void)
{
    NewModel *net = new_model(13);
    DcnError error = {0};
    new_input(net, "x", "-1,3,5,7");
    new_weights(net, "w", "4,3,1,1", 1);
    new_weights(net, "bias", "4", 2);
    new_node(net, "Conv", "", "x;w;bias", "c", "");
    new_node(net, "Relu", "", "c", "r", "");
    new_node(net, "GlobalAveragePool", "", "r", "g", "");
    new_node(net, "Flatten", "", "g", "z", "");
    new_output(net, "z");
    NetFixture f = net_open(net, 1);
    check(dcn_model_new_head(f.model, 5, 1, NULL, &error), error.text);
    DcnTrainer *trainer =
        dcn_trainer_new(f.model, f.context, &(DcnTrainerOptions){.batch = 1}, &error);
    double loss = 0, first = 0;
    if (check(trainer != NULL, error.text)) {
        for (size_t i = 0; i < 3 * 5 * 7; i++)
            dcn_trainer_input(trainer)[i] = 1;
        for (size_t i = 0; i < 5; i++)
            dcn_trainer_targets(trainer)[i] = i == 1;
        for (int step = 0; step < 50; step++) {
            check(dcn_trainer_run(trainer, true, &loss, &error), error.text);
            dcn_trainer_step(trainer, &(DcnSgd){.rate = 0.1F});
            if (step == 0)
                first = loss;
        }
    }
    check(loss < first - 0.5, "the loss falls");
    dcn_trainer_free(trainer);
    net_close(&f);
}

static void
a_seed_gives_its_head_again(void)
{
    static const uint64_t seeds[] = {7, 7, 8};
    const Head head = {"", "Gemm", "", "6,4", "4", false, NULL, NULL};
    DcnError error = {0};
    float drawn[3][30] = {{0}};
    for (size_t i = 0; i < G_N_ELEMENTS(seeds); i++) {
        NewModel *net = headed(&head);
        DcnModel *model = opened(net);
        DcnTensor w;
        check(dcn_model_new_head(model, 5, seeds[i], NULL, &error), error.text);
        if (check(dcn_model_weights(model, "w", &w), "weights"))
            memcpy(drawn[i], w.data, sizeof drawn[i]);
        dcn_model_free(model);
        new_model_free(net);
    }
    check(memcmp(drawn[0], drawn[1], sizeof drawn[0]) == 0, "the same seed");
    check(memcmp(drawn[0], drawn[2], sizeof drawn[0]) != 0, "another seed");
}

/* The model stays as it is if it has no layer that could be a head, or if the number of
 * classes is not positive. */
static void
models_without_a_head_say_so(void)
{
    DcnError error = {0};
    const char *name = "untouched";
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,3,5,7");
    new_weights(net, "w", "6,3,3,3", 1);
    new_node(net, "Conv", "", "x;w", "c", "");
    new_node(net, "MatMul", "", "c;c2", "never", "");
    new_output(net, "c");
    new_input(net, "c2", "-1,6,5,3");
    DcnModel *model = opened(net);
    check(!dcn_model_new_head(model, 5, 1, &name, &error),
          "a 3x3 convolution is no head");
    check_text(error.text, "the model has no last Gemm, MatMul or 1x1 Conv with stored");
    check_text(name, "untouched");
    check_shape(model, "w", "6x3x3x3");
    dcn_model_free(model);
    new_model_free(net);

    const Head head = {"", "Gemm", "", "6,4", "4", false, NULL, NULL};
    net = headed(&head);
    model = opened(net);
    check(!dcn_model_new_head(model, 0, 1, &name, &error), "no classes");
    check_text(error.text, "0 classes");
    check_shape(model, "w", "6x4");
    dcn_model_free(model);
    new_model_free(net);
}

/* --- BatchNormalization --- */

/* x -> conv -> norm -> relu -> y, and beside it: "user": another user of what the
 * convolution makes; "branch", "norm branch": one inside an If, or of the normalised;
 * "output", "norm output": one of the two is an output; "shared": two convolutions with
 * the same weights; "name": an initialiser is called as the bias would be. */
static NewModel *
normed(bool bias, const char *extra)
{
    static const float var[] = {0.5F, 1.25F, 2, 0.125F};
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,3,6,7");
    new_weights(net, "w", "4,3,3,3", 1);
    new_weights(net, "own", "4", 2);
    new_weights(net, "scale", "4", 3);
    new_weights(net, "shift", "4", 4);
    new_weights(net, "mean", "4", 5);
    new_floats(net, "var", "4", var);
    new_weights(net, "w.bias", "4,1,1", 6);
    new_node(net, "Conv", "conv", bias ? "x;w;own" : "x;w", "c", "pads=1,1,1,1");
    new_node(net, "BatchNormalization", "bn", "c;scale;shift;mean;var", "n",
             "epsilon=.0.01");
    new_node(net, "Relu", "relu", "n", "r", "");
    if (strcmp(extra, "user") == 0) {
        new_node(net, "Add", "more", "r;c", "y", "");
    } else if (strcmp(extra, "shared") == 0) {
        new_node(net, "Conv", "other", "x;w", "o", "pads=1,1,1,1");
        new_node(net, "Add", "more", "r;o", "y", "");
    } else if (strcmp(extra, "name") == 0) {
        new_node(net, "Add", "more", "r;w.bias", "y", "");
    } else if (g_str_has_suffix(extra, "branch")) {
        new_ints(net, "yes", "1");
        new_if(net, "yes", "Abs", "Neg", extra[0] == 'n' ? "n" : "c", "i");
        new_node(net, "Add", "more", "r;i", "y", "");
    } else {
        new_node(net, "Identity", "more", "r", "y", "");
    }
    new_output(net, "y");
    if (strcmp(extra, "output") == 0)
        new_output(net, "c");
    if (strcmp(extra, "norm output") == 0)
        new_output(net, "n");
    return net;
}

static bool
has_node(const DcnModel *model, const char *output)
{
    DcnError error = {0};
    DcnPlan *plan = dcn_plan_new(
        model, &(DcnPlanOptions){.targets = &output, .n_targets = 1}, &error);
    dcn_plan_free(plan);
    return plan != NULL;
}

/* nodes: how many are left of four or five. */
static void
check_folded(bool bias, const char *extra, size_t nodes)
{
    DcnError error = {0};
    NewModel *net = normed(bias, extra);
    DcnModel *model = opened(net);
    size_t count, other;
    g_autofree float *before = model_run(model, &count);
    check(dcn_model_fold_batchnorm(model, &error), error.text);
    check_int((long long)dcn_model_node_count(model), (long long)nodes, extra);
    g_autofree float *after = model_run(model, &other);
    if (check(before && after && count == other, "as many numbers"))
        check_floats(after, before, count, 1e-5);
    dcn_model_free(model);
    new_model_free(net);
}

static void
a_normalisation_alone_behind_a_convolution_is_taken_into_it(void)
{
    check_folded(false, "", 3);
    check_folded(true, "", 3);
    check_folded(false, "name", 3);
}

static void
a_normalisation_that_others_see_stays(void)
{
    check_folded(true, "user", 4);
    check_folded(true, "shared", 5);
    check_folded(true, "output", 4);
    check_folded(true, "norm output", 4);
    check_folded(true, "branch", 5);
    check_folded(true, "norm branch", 5);
}

/* The names of removed nodes and tensors are found no more. */
static void
what_was_taken_in_is_not_there_any_more(void)
{
    DcnError error = {0};
    NewModel *net = normed(false, "");
    DcnModel *model = opened(net);
    check(has_node(model, "n") && has_node(model, "c") && has_node(model, "bn"),
          "before");
    check(dcn_model_fold_batchnorm(model, &error), error.text);
    check(has_node(model, "c") && has_node(model, "r") && has_node(model, "relu"),
          "after");
    check(!has_node(model, "n") && !has_node(model, "bn"), "the normalised is gone");
    const char *inputs[] = {"n"};
    check(!dcn_model_add_output(model, "n", &error) &&
              !dcn_model_add_node(model, "Neg", "z", inputs, 1, NULL, 0, &error) &&
              !dcn_model_cut(model, "n", &error),
          "and cannot be used");
    check(dcn_model_fold_batchnorm(model, &error), "nothing is left to do");
    dcn_model_free(model);
    new_model_free(net);
}

/* Folds two normalisations in a row behind a convolution, and one in a branch. */
static void
all_normalisations_of_a_net_are_taken_in(void)
{
    DcnError error = {0};
    static const float var[] = {0.5F, 1.25F, 2, 0.125F};
    NewModel *net = new_model(15);
    new_input(net, "x", "-1,4,6,7");
    new_weights(net, "w1", "4,4,1,1", 1);
    new_weights(net, "w2", "4,1,3,3", 2);
    new_weights(net, "s", "4", 3);
    new_weights(net, "t", "4", 4);
    new_weights(net, "m", "4", 5);
    new_floats(net, "v", "4", var);
    new_node(net, "Conv", "", "x;w1", "c1", "");
    new_node(net, "BatchNormalization", "", "c1;s;t;m;v", "n1", "");
    new_node(net, "BatchNormalization", "", "n1;s;t;m;v", "n2", "");
    new_node(net, "Relu", "", "n2", "r", "");
    new_node(net, "Conv", "", "r;w2", "c2", "pads=1,1,1,1;group=4");
    new_node(net, "BatchNormalization", "", "c2;s;t;m;v", "n3", "");
    new_node(net, "Add", "", "n3;r", "y", "");
    new_output(net, "y");
    DcnModel *model = opened(net);
    size_t count, other;
    g_autofree float *before = model_run(model, &count);
    check(dcn_model_fold_batchnorm(model, &error), error.text);
    check_int((long long)dcn_model_node_count(model), 4, "nodes");
    g_autofree float *after = model_run(model, &other);
    if (check(before && after && count == other, "as many numbers"))
        check_floats(after, before, count, 1e-5);
    dcn_model_free(model);
    new_model_free(net);
}

CHECK_MAIN(CHECK_TEST(heads_of_each_kind_get_new_classes),
           CHECK_TEST(a_new_head_can_learn),
           CHECK_TEST(a_new_head_before_a_rectifier_can_learn),
           CHECK_TEST(a_seed_gives_its_head_again),
           CHECK_TEST(models_without_a_head_say_so),
           CHECK_TEST(a_normalisation_alone_behind_a_convolution_is_taken_into_it),
           CHECK_TEST(a_normalisation_that_others_see_stays),
           CHECK_TEST(what_was_taken_in_is_not_there_any_more),
           CHECK_TEST(all_normalisations_of_a_net_are_taken_in))
