/* SPDX-License-Identifier: GPL-3.0-or-later */
/* project.c: tests that a projection by the quick ways is that by the plain ones.
 *
 * The twin is a plan with all passes off: its convolutions go back by BLAS and keep
 * their normalisation apart. The net has what quick ways treat apart: convolutions wide
 * enough for Winograd's algorithm, pointwise ones, strides, groups, tensors with several
 * users, pools that overlap, rectifiers with and without an upper bound. */
#include "check.h"
#include "core/fixture/net.h"
#include "run/session_private.h"
#include <math.h>
#include <string.h>

#define SIDE 37
#define COUNT ((size_t)3 * SIDE * SIDE)

static NewModel *
make_net(void)
{
    NewModel *net = new_model(14);
    new_input(net, "picture", "1,3,37,37");
    new_weights(net, "w1", "48,3,3,3", 1);
    new_weights(net, "b1", "48", 2);
    new_node(net, "Conv", "conv1", "picture;w1;b1", "conv1", "pads=1,1,1,1");
    new_node(net, "Relu", "relu0", "conv1", "relu0", "");
    new_weights(net, "w0", "48,1,3,3", 13);
    new_node(net, "Conv", "depth", "relu0;w0", "depth", "group=48;pads=1,1,1,1");
    new_node(net, "Relu", "relu1", "depth", "relu1", "");
    new_weights(net, "w2", "48,48,3,3", 3);
    new_node(net, "Conv", "conv2", "relu1;w2", "conv2", "pads=1,1,1,1");
    new_weights(net, "scale", "48", 4);
    new_weights(net, "shift", "48", 5);
    new_weights(net, "mean", "48", 6);
    float var[48];
    for (int i = 0; i < 48; i++)
        var[i] = 0.5f + (float)(i % 5);
    new_floats(net, "var", "48", var);
    new_node(net, "BatchNormalization", "norm", "conv2;scale;shift;mean;var", "norm", "");
    new_node(net, "Add", "sum", "norm;relu1", "sum", "");
    new_node(net, "Relu", "relu2", "sum", "relu2", "");
    new_node(net, "MaxPool", "pool", "relu2", "pool", "kernel_shape=3,3;strides=2,2");
    new_weights(net, "w3", "16,48,1,1", 7);
    new_node(net, "Conv", "squeeze", "pool;w3", "squeeze", "");
    new_node(net, "Relu", "relu3", "squeeze", "relu3", "");
    new_weights(net, "w4", "64,16,1,1", 8);
    new_weights(net, "w5", "64,16,3,3", 9);
    new_node(net, "Conv", "expand1", "relu3;w4", "expand1", "");
    new_node(net, "Conv", "expand3", "relu3;w5", "expand3", "pads=1,1,1,1");
    new_node(net, "Concat", "both", "expand1;expand3", "both", "axis=1");
    new_node(net, "Relu", "relu4", "both", "relu4", "");
    new_weights(net, "w6", "64,64,3,3", 10);
    new_node(net, "Conv", "groups", "relu4;w6", "groups", "group=2;strides=2,2");
    new_floats(net, "low", "", (float[]){0});
    new_floats(net, "high", "", (float[]){20}); /* a tenth of the values is above */
    new_node(net, "Clip", "relu5", "groups;low;high", "relu5", "");
    new_weights(net, "w7", "64,64,3,3", 11);
    new_node(net, "Conv", "last", "relu5;w7", "last", "pads=1,1,1,1");
    new_node(net, "Relu", "relu6", "last", "relu6", "");
    new_output(net, "relu6");
    return net;
}

typedef struct {
    DcnPlan *plan;
    DcnSession *session;
    float *signal;
} Side;

static void
side_open(Side *side, const NetFixture *f, unsigned passes_off)
{
    DcnError error = {0};
    DcnPlanOptions options = {.purpose = DCN_FOR_PROJECTION, .passes_off = passes_off};
    side->plan = net_plan(f, &options);
    side->session = dcn_session_new(side->plan, f->context, &error);
    CHECK_NEED(side->session);
    side->signal = g_new(float, COUNT);
    net_noise(dcn_session_input(side->session, 0), COUNT, 12);
    CHECK(dcn_forward(side->session, NULL, &error));
}

static void
side_close(Side *side)
{
    dcn_session_free(side->session);
    dcn_plan_free(side->plan);
    g_free(side->signal);
}

static void
project(const Side *side, const char *layer, DcnSeed seed, DcnMethod method)
{
    DcnError error = {0};
    seed.tensor = dcn_plan_find(side->plan, layer, &error);
    CHECK(seed.tensor >= 0);
    CHECK(dcn_project(side->session, &seed, method, side->signal, NULL, &error));
}

/* Values that earlier walks left behind must not matter, even if they are NaN. */
static void
spoil(const Side *side)
{
    float *signals = side->session->signals;
    for (size_t i = 0; i < side->plan->signal_floats; i++)
        signals[i] = NAN;
}

/* How far the values that a projection starts from are off already, as a share of their
 * largest: what comes down is linear in them. */
static double
seeds_differ(const Side *quick, const Side *plain, const char *what, const DcnSeed *seed)
{
    int a = dcn_plan_find(quick->plan, what, NULL),
        b = dcn_plan_find(plain->plan, what, NULL);
    const DcnShape *shape = dcn_plan_shape(plain->plan, b);
    size_t places = (size_t)(shape->dim[2] * shape->dim[3]);
    size_t first = (size_t)seed->unit.channel * places;
    if (!seed->whole_map) {
        first += (size_t)((int64_t)seed->unit.y * shape->dim[3] + (int64_t)seed->unit.x);
        places = 1;
    }
    const float *x = dcn_session_tensor(quick->session, a) + first;
    const float *y = dcn_session_tensor(plain->session, b) + first;
    double largest = 0, difference = 0;
    for (size_t i = 0; i < places; i++) {
        largest = fmax(largest, fabs((double)y[i]));
        difference = fmax(difference, fabs((double)x[i] - (double)y[i]));
    }
    /* the last convolution adds up values that were cut off at 20 out of thousands */
    CHECK(difference <= 2e-5 * largest);
    return difference / largest;
}

static void
compare(const Side *quick,
        const Side *plain,
        const char *what,
        const DcnSeed *seed,
        int method)
{
    double largest = 0, difference = 0;
    for (size_t i = 0; i < COUNT; i++) {
        double a = (double)quick->signal[i], b = (double)plain->signal[i];
        largest = fmax(largest, fabs(b));
        difference = fmax(difference, fabs(a - b));
    }
    /* Winograd's transforms lose some five bits in each of the six convolutions */
    double allowed = 2e-5 + seeds_differ(quick, plain, what, seed);
    if (!(difference <= allowed * largest) || largest == 0)
        g_error("%s, method %d: %g of %g", what, method, difference, largest);
}

static void
quick_and_plain_projections_agree(void)
{
    static const char *const layers[] = {"relu0", "relu1", "relu2", "pool",
                                         "relu3", "both",  "relu6"};
    for (int threads = 1; threads <= 2; threads++) {
        NetFixture f = net_open(make_net(), threads);
        Side quick, pack, plain;
        side_open(&quick, &f, 0);
        side_open(&pack, &f, DCN_PASS_WINOGRAD);
        side_open(&plain, &f, DCN_PASS_ALL);
        for (size_t i = 0; i < G_N_ELEMENTS(layers); i++)
            for (int method = 0; method < DCN_METHODS; method++)
                for (int whole = 0; whole < 2; whole++) {
                    DcnSeed seed = {.whole_map = whole};
                    int tensor = dcn_plan_find(plain.plan, layers[i], NULL);
                    dcn_strongest(plain.session, tensor, 0, 1, &seed.unit);
                    spoil(&quick);
                    spoil(&pack);
                    project(&plain, layers[i], seed, (DcnMethod)method);
                    project(&quick, layers[i], seed, (DcnMethod)method);
                    compare(&quick, &plain, layers[i], &seed, method);
                    project(&pack, layers[i], seed, (DcnMethod)method);
                    compare(&pack, &plain, layers[i], &seed, method);
                }
        side_close(&quick);
        side_close(&pack);
        side_close(&plain);
        net_close(&f);
    }
}

/* Signals of the walk before are not cleared where a walk writes them anew. */
static void
a_projection_does_not_depend_on_the_one_before(void)
{
    NetFixture f = net_open(make_net(), 2);
    Side side;
    side_open(&side, &f, 0);
    DcnSeed unit = {.unit = {3, 4, 5, 0}},
            map = {.whole_map = true, .unit = {7, 0, 0, 0}};
    project(&side, "relu6", unit, DCN_GUIDED);
    g_autofree float *first = g_memdup2(side.signal, COUNT * sizeof(float));
    project(&side, "relu6", map, DCN_GRADIENT);
    CHECK(memcmp(first, side.signal, COUNT * sizeof(float)) != 0);
    project(&side, "relu1", unit, DCN_DECONVNET);
    project(&side, "relu6", unit, DCN_GUIDED);
    CHECK(memcmp(first, side.signal, COUNT * sizeof(float)) == 0);
    side_close(&side);
    net_close(&f);
}

/* What lies before a fused rectifier is not kept, unless it was asked for. Then the
 * rectifier takes a step of its own, and what comes down is the same. */
static void
what_rectifiers_are_fused_across_is_there_on_demand(void)
{
    NetFixture f = net_open(make_net(), 2);
    DcnError error = {0};
    Side fused;
    side_open(&fused, &f, 0);
    CHECK_INT(dcn_plan_find(fused.plan, "sum", &error), -1);
    check_text(error.text, "\"sum\" is not computed by this plan");
    const char *targets[] = {"sum", "relu6"};
    DcnPlanOptions options = {
        .purpose = DCN_FOR_PROJECTION, .targets = targets, .n_targets = 2};
    Side apart = {.plan = net_plan(&f, &options)};
    apart.session = dcn_session_new(apart.plan, f.context, &error);
    apart.signal = g_new(float, COUNT);
    memcpy(dcn_session_input(apart.session, 0), dcn_session_input(fused.session, 0),
           COUNT * sizeof(float));
    CHECK(dcn_forward(apart.session, NULL, &error));
    int sum = dcn_plan_find(apart.plan, "sum", &error);
    const float *values = dcn_session_tensor(apart.session, sum);
    size_t negative = 0;
    for (size_t i = 0; i < dcn_shape_count(dcn_plan_shape(apart.plan, sum)); i++)
        negative += values[i] < 0;
    CHECK(negative > 0);
    CHECK(dcn_plan_session_bytes(apart.plan) > dcn_plan_session_bytes(fused.plan));
    for (int method = 0; method < DCN_METHODS; method++) {
        DcnSeed seed = {.unit = {3, 4, 5, 0}};
        project(&fused, "relu6", seed, (DcnMethod)method);
        project(&apart, "relu6", seed, (DcnMethod)method);
        CHECK(memcmp(fused.signal, apart.signal, COUNT * sizeof(float)) == 0);
    }
    side_close(&fused);
    side_close(&apart);
    net_close(&f);
}

CHECK_MAIN(CHECK_TEST(quick_and_plain_projections_agree),
           CHECK_TEST(a_projection_does_not_depend_on_the_one_before),
           CHECK_TEST(what_rectifiers_are_fused_across_is_there_on_demand))
