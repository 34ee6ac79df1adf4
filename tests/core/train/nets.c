/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nets.c: gradients of whole nets, against central differences of the loss: weights
 * and tensors that are used more than once, branches that meet again, layers of scales,
 * both losses, and a start in the middle.
 *
 * Nets without kinks, so that steps can be as large as differences like them. Operators
 * one by one: gradients.c. */
#include "check.h"
#include "core/fixture/train_fixture.h"

#define BATCH 3
#define MOST_PROBES 25 /* numbers of one parameter that are tried */

/* dL/dw by two central differences; their combination cancels the error of order h^2
 * (Richardson). */
static double
slope(TrainFixture *f, float *value)
{
    double estimate[2];
    for (int i = 0; i < 2; i++) {
        float kept = *value, h = i ? 1.0F / 128 : 1.0F / 64;
        *value = kept + h;
        double up = (double)*value, above = train_run(f, false);
        *value = kept - h;
        double down = (double)*value, below = train_run(f, false);
        *value = kept;
        estimate[i] = (above - below) / (up - down);
    }
    return (4 * estimate[1] - estimate[0]) / 3;
}

static void
check_parameter(TrainFixture *f, const char *net, const DcnParameter *p)
{
    train_run(f, false);
    g_autofree float *gradient = g_memdup2(p->gradient, p->count * sizeof(float));
    size_t step = (p->count - 1) / MOST_PROBES + 1;
    double most = 0;
    for (size_t k = 0; k < p->count; k++)
        most = fmax(most, fabs((double)gradient[k]));
    /* Scores are floats near 1: slopes are known to some 1e-7 / h. */
    double bound = 1e-3 * most + 2e-5;
    check(most > 100 * 1e-7, p->name);
    for (size_t k = 0; k < p->count; k += step) {
        double wanted = slope(f, &p->value[k]);
        if (fabs(wanted - (double)gradient[k]) <= bound)
            continue;
        check_fail("%s: %s[%zu] has the gradient %.6g, differences say %.6g (bound %.2g)",
                   net, p->name, k, (double)gradient[k], wanted, bound);
        return;
    }
}

/* All gradients, and that three threads have the same. learned: how many parameters. */
static void
check_net(const char *name,
          NewModel *(*make)(void),
          const DcnTrainerOptions *options,
          size_t learned)
{
    TrainFixture f, g;
    bool started = train_start(&f, make(), options, 1);
    started = train_start(&g, make(), options, 3) && started;
    size_t count = 0;
    if (check(started, name)) {
        train_fill(&f, BATCH, 1);
        train_fill(&g, BATCH, 1);
        train_run(&g, false);
        train_run(&f, false);
        for (size_t i = 0; i < dcn_trainer_parameter_count(f.trainer); i++) {
            const DcnParameter *p = dcn_trainer_parameter(f.trainer, i);
            if (!p->gradient)
                continue;
            check_floats(train_parameter(&g, p->name)->gradient, p->gradient, p->count,
                         1e-5);
            count++;
        }
        check_int((long long)count, (long long)learned, "parameters that are learned");
        for (size_t i = 0; i < dcn_trainer_parameter_count(f.trainer); i++)
            if (dcn_trainer_parameter(f.trainer, i)->gradient)
                check_parameter(&f, name, dcn_trainer_parameter(f.trainer, i));
    }
    train_end(&f);
    train_end(&g);
}

/* --- the nets --- */

/* Pools, and scores through a small matrix. */
static void
add_end(NewModel *net, const char *maps, const char *last)
{
    new_weights(net, "head", "6,4", 91);
    new_weights(net, "head_bias", "4", 92);
    new_node(net, "GlobalAveragePool", "", maps, "pooled", "");
    new_node(net, "Flatten", "", "pooled", "flat", "");
    new_node(net, "MatMul", "", "flat;head", "product", "");
    new_node(net, "Add", "", "product;head_bias", "z", "");
    if (last)
        new_node(net, last, "", "z", "end", "");
    new_output(net, last ? "end" : "z");
}

/* One kernel in two convolutions; a sum that leads around; one tensor twice in a product,
 * in a sum and in a Concat. */
static NewModel *
shared_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,2,6,5");
    new_weights(net, "w0", "3,2,3,3", 1);
    new_weights(net, "w", "3,3,3,3", 2);
    new_weights(net, "b", "3", 3);
    new_node(net, "Conv", "", "x;w0", "c0", "pads=1,1,1,1");
    new_node(net, "Tanh", "", "c0", "t0", "");
    new_node(net, "Conv", "", "t0;w;b", "c1", "pads=1,1,1,1");
    new_node(net, "Sigmoid", "", "c1", "t1", "");
    new_node(net, "Conv", "", "t1;w;b", "c2", "pads=1,1,1,1");
    new_node(net, "Tanh", "", "c2", "t2", "");
    new_node(net, "Add", "", "t2;t0", "sum", "");
    new_node(net, "Mul", "", "sum;sum", "square", "");
    new_node(net, "Add", "", "square;square", "twice", "");
    new_node(net, "Concat", "", "twice;twice", "both", "axis=1");
    add_end(net, "both", "Softmax");
    return net;
}

/* What Caffe wrote as Scale: constants behind a convolution, by channel and by place. */
static NewModel *
scales_net(void)
{
    static const float divisor[] = {1.5F, -2, 0.75F, 1.25F, 3, -1};
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,2,4,5");
    new_weights(net, "w", "6,2,2,2", 1);
    new_weights(net, "factor", "6,1,1", 2);
    new_weights(net, "term", "1,6,1,1", 3);
    new_weights(net, "places", "3,4", 4);
    new_floats(net, "divisor", "6,1,1", divisor);
    new_weights(net, "whole", "1,6,3,4", 5);
    new_node(net, "Conv", "", "x;w", "c", "");
    new_node(net, "Mul", "", "factor;c", "m", "");
    new_node(net, "Add", "", "m;term", "a", "");
    new_node(net, "Sub", "", "places;a", "s", "");
    new_node(net, "Div", "", "s;divisor", "d", "");
    new_node(net, "Sub", "", "d;whole", "e", "");
    new_node(net, "Softplus", "", "e", "y", "");
    add_end(net, "y", NULL);
    return net;
}

/* Normalisations over the batch and over channels, depthwise, grouped and transposed
 * convolutions, gates by channel. */
static NewModel *
deep_net(void)
{
    static const float var[] = {1, 2, 0.5F, 1, 3, 1};
    NewModel *net = new_model(13);
    new_input(net, "x", "-1,3,8,7");
    new_weights(net, "w1", "6,3,3,3", 1);
    new_weights(net, "scale", "6", 2);
    new_weights(net, "shift", "6", 3);
    new_weights(net, "mean", "6", 4);
    new_floats(net, "var", "6", var);
    new_weights(net, "w2", "6,1,3,3", 5);
    new_weights(net, "b2", "6", 6);
    new_weights(net, "w3", "6,3,1,1", 7);
    new_weights(net, "gate", "6,6,1,1", 8);
    new_weights(net, "w4", "6,2,2,2", 9);
    new_node(net, "Conv", "", "x;w1", "c1", "pads=1,1,1,1;strides=2,1");
    new_node(net, "BatchNormalization", "", "c1;scale;shift;mean;var", "n1", "");
    new_node(net, "Sigmoid", "", "n1", "g1", "");
    new_node(net, "Mul", "", "n1;g1", "swish", "");
    new_node(net, "Conv", "", "swish;w2;b2", "c2", "group=6;pads=1,1,1,1");
    new_node(net, "LRN", "", "c2", "n2", "size=3;alpha=.0.5;bias=.1.5");
    new_node(net, "AveragePool", "", "n2", "p2",
             "kernel_shape=3,3;strides=2,2;pads=1,1,1,1");
    new_node(net, "Conv", "", "p2;w3", "c3", "group=2");
    new_node(net, "GlobalAveragePool", "", "c3", "squeezed", "");
    new_node(net, "Conv", "", "squeezed;gate", "excited", "");
    new_node(net, "Sigmoid", "", "excited", "open", "");
    new_node(net, "Mul", "", "c3;open", "gated", "");
    new_node(net, "ConvTranspose", "", "gated;w4", "c4", "strides=2,2;group=3");
    new_node(net, "Tanh", "", "c4", "y", "");
    add_end(net, "y", "Sigmoid");
    return net;
}

static void
weights_and_tensors_used_twice_get_all_of_their_gradient(void)
{
    check_net("shared", shared_net, &(DcnTrainerOptions){.batch = BATCH}, 5);
}

static void
scales_behind_weights_are_learned(void)
{
    check_net("scales", scales_net, &(DcnTrainerOptions){.batch = BATCH}, 8);
}

static void
deep_nets_have_the_gradients_of_their_loss(void)
{
    DcnTrainerOptions options = {.batch = BATCH, .loss = DCN_LOSS_SIGMOID};
    check_net("deep", deep_net, &options, 10);
    options.loss = DCN_LOSS_SOFTMAX; /* at the same scores */
    check_net("deep, softmax", deep_net, &options, 10);
}

/* Only what comes behind the start is learned. */
static void
a_start_in_the_middle_has_the_gradients_of_what_is_left(void)
{
    check_net("from p2", deep_net, &(DcnTrainerOptions){.batch = BATCH, .start = "p2"},
              5);
    check_net("from flat", deep_net,
              &(DcnTrainerOptions){.batch = BATCH, .start = "flat"}, 2);
}

/* The values of the start, as a plan of the whole net makes them, give the same loss and
 * the same gradients. */
static void
a_start_in_the_middle_goes_on_where_the_whole_net_was(void)
{
    const DcnTrainerOptions whole = {.batch = BATCH};
    const DcnTrainerOptions part = {.batch = BATCH, .start = "both"};
    TrainFixture f, g;
    DcnError error = {0};
    bool started = train_start(&f, shared_net(), &whole, 1);
    started = train_start(&g, shared_net(), &part, 1) && started;
    if (check(started, "trainers")) {
        const char *target = "both";
        train_fill(&f, BATCH, 1);
        train_fill(&g, BATCH, 1);
        DcnPlan *plan = dcn_plan_new(
            f.model,
            &(DcnPlanOptions){.batch = BATCH, .targets = &target, .n_targets = 1},
            &error);
        DcnSession *session = dcn_session_new(plan, f.context, &error);
        if (check(session != NULL, error.text)) {
            size_t count = BATCH * dcn_shape_count(dcn_trainer_input_shape(g.trainer));
            train_noise(dcn_session_input(session, 0), BATCH * 2 * 6 * 5, 1, 1);
            dcn_forward(session, NULL, &error);
            memcpy(dcn_trainer_input(g.trainer),
                   dcn_session_tensor(session, dcn_plan_find(plan, "both", &error)),
                   count * sizeof(float));
            double difference = train_run(&f, false) - train_run(&g, false);
            check(fabs(difference) < 1e-6, "the same loss");
            check_int((long long)dcn_trainer_parameter_count(g.trainer), 2, "parameters");
            check_floats(train_parameter(&g, "head")->gradient,
                         train_parameter(&f, "head")->gradient, 24, 1e-6);
        }
        dcn_session_free(session);
        dcn_plan_free(plan);
    }
    train_end(&f);
    train_end(&g);
}

CHECK_MAIN(CHECK_TEST(weights_and_tensors_used_twice_get_all_of_their_gradient),
           CHECK_TEST(scales_behind_weights_are_learned),
           CHECK_TEST(deep_nets_have_the_gradients_of_their_loss),
           CHECK_TEST(a_start_in_the_middle_has_the_gradients_of_what_is_left),
           CHECK_TEST(a_start_in_the_middle_goes_on_where_the_whole_net_was))
