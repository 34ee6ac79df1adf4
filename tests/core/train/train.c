/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train.c: tests of the trainer: losses, steps, repetition, what it refuses.
 *
 * Numbers are worked out by hand beside the checks. Gradients: gradients.c, nets.c;
 * dropout and statistics: passes.c. */
#include "check.h"
#include "core/fixture/train_fixture.h"
#include "edit.h"
#include <stdlib.h>

/* z = x: as many scores as inputs, through weights that are the identity and a bias. */
static NewModel *
identity_net(size_t classes, const char *last)
{
    NewModel *net = new_model(13);
    g_autofree float *ones = g_new0(float, classes *classes);
    g_autofree char *input = g_strdup_printf("-1,%zu", classes);
    g_autofree char *square = g_strdup_printf("%zu,%zu", classes, classes);
    g_autofree char *line = g_strdup_printf("%zu", classes);
    for (size_t k = 0; k < classes; k++)
        ones[k * classes + k] = 1;
    new_input(net, "x", input);
    new_floats(net, "w", square, ones);
    memset(ones, 0, classes * sizeof *ones);
    new_floats(net, "b", line, ones);
    new_node(net, "Gemm", "fc", "x;w;b", "z", "");
    if (last)
        new_node(net, last, "", "z", "end", "");
    new_output(net, last ? "end" : "z");
    return net;
}

/* --- losses --- */

/* z = x is given; the loss, its gradient by the bias, which is the sum of dz over the
 * batch. */
static void
check_loss(const char *last,
           DcnLoss kind,
           size_t batch,
           size_t classes,
           const float *z,
           const float *t,
           double loss,
           const float *db)
{
    TrainFixture f;
    if (check(train_start(&f, identity_net(classes, last),
                          &(DcnTrainerOptions){.batch = batch, .loss = kind}, 1),
              "a trainer")) {
        check_int((long long)dcn_trainer_classes(f.trainer), (long long)classes,
                  "classes");
        memcpy(dcn_trainer_input(f.trainer), z, batch * classes * sizeof *z);
        memcpy(dcn_trainer_targets(f.trainer), t, batch * classes * sizeof *t);
        double got = train_run(&f, false);
        if (!(fabs(got - loss) <= 2e-7 * fabs(loss)))
            check_fail("the loss is %.9g, should be %.9g", got, loss);
        check_floats(dcn_trainer_scores(f.trainer), z, batch * classes, 0);
        check_floats(train_parameter(&f, "b")->gradient, db, classes, 1e-7);
    }
    train_end(&f);
}

static void
cross_entropy_is_that_of_the_softmax(void)
{
    /* exp(z) is 1 2 5 and 3 1 1, so softmax is 1/8 2/8 5/8 and 3/5 1/5 1/5. */
    const float ln2 = 0.69314718F, ln3 = 1.0986123F, ln5 = 1.6094379F;
    const float z[] = {0, ln2, ln5, ln3, 0, 0}, t[] = {1, 0, 0, 0.5F, 0.25F, 0.25F};
    /* -(ln 1/8 + 1/2 ln 3/5 + 1/2 ln 1/5) / 2 */
    double loss = (log(8) - 0.5 * log(0.6) - 0.5 * log(0.2)) / 2;
    /* (1/8 - 1 + 3/5 - 1/2) / 2, ... */
    const float db[] = {-0.3875F, 0.1F, 0.2875F};
    check_loss(NULL, DCN_LOSS_SOFTMAX, 2, 3, z, t, loss, db);
    check_loss("Softmax", DCN_LOSS_SOFTMAX, 2, 3, z, t, loss, db);
    check_loss("LogSoftmax", DCN_LOSS_SOFTMAX, 2, 3, z, t, loss, db);
}

static void
cross_entropy_takes_scores_of_any_size(void)
{
    const float z[] = {1000, 0, -1000}, t[] = {0, 1, 0}, db[] = {1, -1, 0};
    check_loss("Softmax", DCN_LOSS_SOFTMAX, 1, 3, z, t, 1000, db);
}

static void
binary_cross_entropy_is_that_of_each_sigmoid(void)
{
    /* s is 1/2 3/4 and 1/2 1/2. */
    const float z[] = {0, 1.0986123F, 0, 0}, t[] = {1, 0, 0, 1};
    double loss = (log(2) + log(4) + log(2) + log(2)) / 4;
    /* (1/2 - 1 + 1/2 - 0) / 4, (3/4 - 0 + 1/2 - 1) / 4 */
    const float db[] = {0, 0.0625F};
    check_loss(NULL, DCN_LOSS_SIGMOID, 2, 2, z, t, loss, db);
    check_loss("Sigmoid", DCN_LOSS_SIGMOID, 2, 2, z, t, loss, db);
}

static void
binary_cross_entropy_takes_scores_of_any_size(void)
{
    const float z[] = {-1000, 1000}, t[] = {1, 1}, db[] = {-0.5F, 0};
    check_loss("Sigmoid", DCN_LOSS_SIGMOID, 1, 2, z, t, 500, db);
}

/* Targets of mixtures and of teachers may have sums other than one; L = -sum t log p also
 * then. */
static void
targets_of_any_sum_have_the_gradient_of_their_loss(void)
{
    /* p is 1/4 3/4; dz = p * 2 - t */
    const float z[] = {0, 1.0986123F}, t[] = {2, 0}, db[] = {-1.5F, 1.5F};
    check_loss("Softmax", DCN_LOSS_SOFTMAX, 1, 2, z, t, 2 * log(4), db);
}

/* --- steps --- */

/* Two filters of a convolution, a matrix and a bias, all of them 2, but the second
 * filter.
 */
static NewModel *
step_net(void)
{
    static const float filters[] = {2, -2, 2, -2, 0.25F, 0, -0.25F, 0};
    static const float twos[] = {2, 2, 2, 2, 2, 2};
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,1,2,2");
    new_floats(net, "filters", "2,1,2,2", filters);
    new_floats(net, "matrix", "2,3", twos);
    new_floats(net, "bias", "3", twos);
    new_node(net, "Conv", "", "x;filters", "c", "");
    new_node(net, "Flatten", "", "c", "flat", "");
    new_node(net, "Gemm", "", "flat;matrix;bias", "z", "");
    new_output(net, "z");
    return net;
}

/* Two steps with a gradient of 1/4 everywhere; what becomes of the first number. All
 * values are sums of powers of two: nothing is rounded. */
static void
check_steps(const DcnSgd *sgd, const char *name, float first, float second)
{
    TrainFixture f;
    if (check(train_start(&f, step_net(), &(DcnTrainerOptions){.batch = 1}, 2),
              "a trainer")) {
        const DcnParameter *p = train_parameter(&f, name);
        const float wanted[] = {first, second};
        for (int step = 0; step < 2; step++) {
            for (size_t i = 0; i < p->count; i++)
                p->gradient[i] = 0.25F;
            dcn_trainer_step(f.trainer, sgd);
            check_floats(p->value, &wanted[step], 1, 0);
        }
    }
    train_end(&f);
}

static void
steps_are_those_of_the_formula(void)
{
    /* 2 - 1/8 - 1/8 */
    check_steps(&(DcnSgd){.rate = 0.5F}, "matrix", 1.875F, 1.75F);
    /* v = 1/4; v = 1/8 + 1/4 */
    check_steps(&(DcnSgd){.rate = 0.5F, .momentum = 0.5F}, "matrix", 1.875F, 1.6875F);
    /* d = 1/4 + 1/8 * 2 = v; d = 1/4 + 1/8 * 1.75, v = 1/4 + d */
    DcnSgd sgd = {.rate = 0.5F, .momentum = 0.5F, .decay = 0.125F};
    check_steps(&sgd, "matrix", 1.75F, 1.390625F);
    check_steps(&sgd, "bias", 1.75F, 1.390625F);
    /* w -= 1/2 (d + v / 2) */
    sgd.nesterov = true;
    check_steps(&sgd, "matrix", 1.625F, 1.22265625F);
    sgd.momentum = 0;
    check_steps(&sgd, "matrix", 1.75F, 1.515625F);
}

static void
decay_of_weights_only_leaves_what_has_one_axis(void)
{
    DcnSgd sgd = {.rate = 0.5F, .decay = 0.125F, .decay_weights_only = true};
    check_steps(&sgd, "matrix", 1.75F, 1.515625F);
    check_steps(&sgd, "filters", 1.75F, 1.515625F);
    check_steps(&sgd, "bias", 1.875F, 1.75F);
}

static void
filters_stronger_than_the_limit_are_brought_back_to_it(void)
{
    TrainFixture f;
    const float halves[] = {0.5F, -0.5F, 0.5F, -0.5F}, weak[] = {0.25F, 0, -0.25F, 0};
    const float twos[] = {2, 2, 2, 2, 2, 2};
    if (check(train_start(&f, step_net(), &(DcnTrainerOptions){.batch = 1}, 1),
              "a trainer")) {
        check(train_parameter(&f, "filters")->filters, "filters are filters");
        check(!train_parameter(&f, "matrix")->filters, "a matrix is none");
        dcn_trainer_step(f.trainer, &(DcnSgd){.rate = 0.5F, .rms_limit = 0.5F});
        check_floats(train_parameter(&f, "filters")->value, halves, 4, 0);
        check_floats(train_parameter(&f, "filters")->value + 4, weak, 4, 0);
        check_floats(train_parameter(&f, "matrix")->value, twos, 6, 0);
        check_floats(train_parameter(&f, "bias")->value, twos, 3, 0);
    }
    train_end(&f);
}

/* --- a small net of everything --- */

static NewModel *
small_net(void)
{
    static const float ones[6] = {1, 1, 1, 1, 1, 1}, zeroes[6] = {0};
    NewModel *net = new_model(11);
    new_input(net, "picture", "-1,3,14,12");
    new_weights(net, "w1", "6,3,3,3", 1);
    new_floats(net, "scale", "6", ones);
    new_floats(net, "shift", "6", zeroes);
    new_floats(net, "mean", "6", zeroes);
    new_floats(net, "var", "6", ones);
    new_weights(net, "w2", "8,6,3,3", 2);
    new_weights(net, "b2", "8", 3);
    new_weights(net, "w3", "5,96", 4);
    new_weights(net, "b3", "5", 5);
    new_node(net, "Conv", "", "picture;w1", "c1", "pads=1,1,1,1");
    new_node(net, "BatchNormalization", "", "c1;scale;shift;mean;var", "n1", "");
    new_node(net, "Relu", "", "n1", "r1", "");
    new_node(net, "MaxPool", "", "r1", "p1", "kernel_shape=3,3;strides=2,2");
    new_node(net, "Conv", "", "p1;w2;b2", "c2", "");
    new_node(net, "Flatten", "", "c2", "flat", "");
    new_node(net, "Dropout", "drop", "flat", "d", "ratio=.0.25");
    new_node(net, "Gemm", "", "d;w3;b3", "z", "transB=1");
    new_node(net, "Softmax", "", "z", "end", "axis=1");
    new_output(net, "end");
    return net;
}

/* All values after some steps, one behind the other. */
static float *
trained(int threads, guint64 seed, size_t *count)
{
    enum { BATCH = 5 };
    TrainFixture f;
    float *all = NULL;
    *count = 0;
    if (check(train_start(
                  &f, small_net(),
                  &(DcnTrainerOptions){.batch = BATCH, .dropout = true, .seed = seed},
                  threads),
              "a trainer")) {
        for (guint32 step = 0; step < 4; step++) {
            train_fill(&f, BATCH, step);
            train_run(&f, true);
            dcn_trainer_step(f.trainer, &(DcnSgd){.rate = 0.02F, .momentum = 0.9F});
        }
        for (size_t i = 0; i < dcn_trainer_parameter_count(f.trainer); i++) {
            const DcnParameter *p = dcn_trainer_parameter(f.trainer, i);
            all = g_renew(float, all, *count + p->count);
            memcpy(all + *count, p->value, p->count * sizeof *all);
            *count += p->count;
        }
    }
    train_end(&f);
    return all;
}

static double
distance(const float *a, const float *b, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs((double)a[i] - (double)b[i]));
    return most;
}

static void
the_same_seed_gives_the_same_weights_bit_for_bit(void)
{
    size_t count, again;
    for (int threads = 1; threads < 4; threads++) {
        g_autofree float *a = trained(threads, 7, &count),
                         *b = trained(threads, 7, &again);
        g_autofree float *other = trained(threads, 8, &again);
        check(count > 1000 && count == again, "as many weights");
        check(memcmp(a, b, count * sizeof *a) == 0, "the same bits");
        check(distance(a, other, count) > 1e-4, "another seed gives other weights");
    }
}

static void
the_number_of_threads_changes_rounding_only(void)
{
    size_t count, again;
    g_autofree float *a = trained(1, 7, &count), *b = trained(3, 7, &again);
    check(count == again && distance(a, b, count) < 1e-5, "nearly the same weights");
}

/* --- back into the model --- */

static void
what_was_learned_goes_back_into_the_model(void)
{
    TrainFixture f;
    DcnError error = {0};
    DcnTensor there;
    if (check(train_start(&f, small_net(), &(DcnTrainerOptions){.batch = 2}, 1),
              "a trainer")) {
        train_fill(&f, 2, 1);
        train_run(&f, true);
        dcn_trainer_step(f.trainer, &(DcnSgd){.rate = 0.1F});
        check(dcn_trainer_store(f.trainer, f.model, &error), error.text);
        for (size_t i = 0; i < dcn_trainer_parameter_count(f.trainer); i++) {
            const DcnParameter *p = dcn_trainer_parameter(f.trainer, i);
            check(dcn_model_weights(f.model, p->name, &there), p->name);
            check(dcn_shape_count(&there.shape) == p->count, "as many values");
            check_floats(there.data, p->value, p->count, 0);
        }
        double loss = train_run(&f, false); /* it goes on */
        train_fill(&f, 2, 1);
        check(loss < INFINITY && train_run(&f, false) == loss, "as if nothing had been");
    }
    train_end(&f);
}

static void
a_model_of_other_weights_is_refused_and_stays_as_it_was(void)
{
    TrainFixture f;
    DcnError error = {0};
    DcnShape shape = {2, {5, 4}};
    DcnTensor there;
    DcnModel *other = dcn_model_new(&error);
    if (check(train_start(&f, small_net(), &(DcnTrainerOptions){.batch = 2}, 1),
              "a trainer")) {
        check(!dcn_trainer_store(f.trainer, other, &error), "no weights at all");
        check_text(error.text, "the model has no weights \"w1\"");
        check(dcn_model_set_weights(f.model, "w3", &shape, NULL, &error), error.text);
        float before[6 * 3 * 9], after[6 * 3 * 9]; /* the file's may be unaligned */
        check(dcn_model_weights(f.model, "w1", &there), "w1");
        memcpy(before, there.data, sizeof before);
        train_parameter(&f, "w1")->value[0] += 1;
        check(!dcn_trainer_store(f.trainer, f.model, &error), "other shapes");
        check_text(error.text, "weights \"w3\" are 5x4 in the model, 5x96 in training");
        check(dcn_model_weights(f.model, "w1", &there), "w1");
        memcpy(after, there.data, sizeof after);
        check_floats(after, before, 6 * 3 * 9, 0);
    }
    dcn_model_free(other);
    train_end(&f);
}

/* --- what is refused --- */

static void
check_refused(NewModel *net,
              const DcnTrainerOptions *options,
              DcnCode code,
              const char *sentence)
{
    TrainFixture f = train_open(net, options, 1);
    check(f.trainer == NULL, sentence);
    check_int(f.error.code, code, sentence);
    check_text(f.error.text, sentence);
    train_end(&f);
}

/* Input of 1 x 2 x 2 x 2, one node, flat scores. */
static NewModel *
one_node_net(const char *type, const char *inputs)
{
    static const float ones[] = {1, 1, 1, 1, 1, 1, 1, 1};
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,2,2,2");
    new_floats(net, "one", "2", ones);
    new_floats(net, "matrix", "2,2", ones);
    new_node(net, "ReduceMean", "", "x", "pooled", "axes=2,3;keepdims=0");
    new_node(net, "Gemm", "", "pooled;matrix", "own", "");
    new_node(net, type, "node", inputs, "y", "");
    new_node(net, "Flatten", "", "y", "z", "");
    new_output(net, "z");
    return net;
}

/* Two normalisations that share initialisers, because exporters write equal ones once. */
static NewModel *
shared_net(const char *scale, const char *shift)
{
    static const float ones[] = {1, 1};
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,2,1,1");
    for (int i = 0; i < 4; i++)
        new_floats(net, (const char *[]){"a", "b", "c", "d"}[i], "2", ones);
    g_autofree char *first = g_strdup_printf("x;%s;%s;a;b", scale, shift);
    new_node(net, "BatchNormalization", "", first, "n1", "");
    new_node(net, "BatchNormalization", "", "n1;c;c;d;b", "n2", "");
    new_node(net, "Flatten", "", "n2", "z", "");
    new_output(net, "z");
    return net;
}

static void
trainers_that_cannot_be_say_why(void)
{
    const DcnTrainerOptions plain = {.batch = 2};
    check_refused(one_node_net("Relu", "x"), &plain, DCN_ERROR_VALUE,
                  "nothing can be learned: the scores depend on no weights");
    check_refused(identity_net(1, "Softmax"), &plain, DCN_ERROR_SHAPE,
                  "the scores \"z\" are 1x1, which no class can be told from");
    check_refused(small_net(), &(DcnTrainerOptions){.start = "conv9"}, DCN_ERROR_NAME,
                  "the net has no layer \"conv9\"; did you mean conv1");
    check_refused(small_net(), &(DcnTrainerOptions){.start = "w1"}, DCN_ERROR_VALUE,
                  "a plan cannot start at \"w1\"");
    check_refused(one_node_net("Frobnicate", "x"), &plain, DCN_ERROR_UNSUPPORTED,
                  "node \"node\": operator Frobnicate is not supported");
    check_refused(one_node_net("BatchNormalization", "x;own;one;one;one"), &plain,
                  DCN_ERROR_UNSUPPORTED, "node \"node\" (BatchNormalization): input 1");
    check_refused(small_net(), &(DcnTrainerOptions){.batch = 1, .memory_limit = 1000},
                  DCN_ERROR_MEMORY, "allowed");
    check_refused(shared_net("a", "a"), &plain, DCN_ERROR_UNSUPPORTED,
                  "\"a\" is a running statistic and something else too");
    check_refused(shared_net("c", "c"), &plain, DCN_ERROR_UNSUPPORTED,
                  "\"b\" is a running statistic and something else too");
    NewModel *two = one_node_net("Add", "x;other");
    new_input(two, "other", "1,2,2,2");
    check_refused(two, &plain, DCN_ERROR_SHAPE, "the model has 2 inputs: 1 is needed");
    NewModel *none = new_model(13);
    new_input(none, "x", "1,2");
    check_refused(none, &plain, DCN_ERROR_FORMAT, "no output");
}

static void
one_sigmoid_is_enough(void)
{
    const float z[] = {0}, t[] = {1}, db[] = {-0.5F};
    check_loss("Sigmoid", DCN_LOSS_SIGMOID, 1, 1, z, t, log(2), db);
}

static void
a_loss_that_is_no_number_stops_the_run(void)
{
    TrainFixture f;
    DcnError error = {0};
    double loss = 0;
    if (check(train_start(&f, identity_net(2, NULL), &(DcnTrainerOptions){.batch = 1}, 1),
              "a trainer")) {
        dcn_trainer_targets(f.trainer)[0] = 1;
        dcn_trainer_input(f.trainer)[0] = INFINITY;
        check(!dcn_trainer_run(f.trainer, false, &loss, &error), "infinite scores");
        check_text(error.text, "the loss is infinite or not a number");
        dcn_trainer_input(f.trainer)[0] = 1;
        check(dcn_trainer_run(f.trainer, false, NULL, &error), "it goes on afterwards");
    }
    train_end(&f);
}

CHECK_MAIN(CHECK_TEST(cross_entropy_is_that_of_the_softmax),
           CHECK_TEST(cross_entropy_takes_scores_of_any_size),
           CHECK_TEST(binary_cross_entropy_is_that_of_each_sigmoid),
           CHECK_TEST(binary_cross_entropy_takes_scores_of_any_size),
           CHECK_TEST(one_sigmoid_is_enough),
           CHECK_TEST(targets_of_any_sum_have_the_gradient_of_their_loss),
           CHECK_TEST(steps_are_those_of_the_formula),
           CHECK_TEST(decay_of_weights_only_leaves_what_has_one_axis),
           CHECK_TEST(filters_stronger_than_the_limit_are_brought_back_to_it),
           CHECK_TEST(the_same_seed_gives_the_same_weights_bit_for_bit),
           CHECK_TEST(the_number_of_threads_changes_rounding_only),
           CHECK_TEST(what_was_learned_goes_back_into_the_model),
           CHECK_TEST(a_model_of_other_weights_is_refused_and_stays_as_it_was),
           CHECK_TEST(trainers_that_cannot_be_say_why),
           CHECK_TEST(a_loss_that_is_no_number_stops_the_run))
