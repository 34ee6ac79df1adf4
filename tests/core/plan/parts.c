/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parts.c: tests that tensors which lie in a Concat's are what they are apart from it,
 * and that rectifiers lose nothing by what the walk back does for them.
 *
 * The twin is the same plan without DCN_PASS_PARTS, or without DCN_PASS_FUSE too: then
 * each rectifier takes its own step back. The same operators run on the same numbers, so
 * that forward and back give equal floats. */
#include "check.h"
#include "core/fixture/net.h"
#include "core/fixture/random_net.h"
#include "run/session_private.h"
#include <math.h>
#include <string.h>

#define SIDE 9
#define PIXELS ((size_t)3 * SIDE * SIDE)

/* Each tensor of this net that must stay apart has a different reason for it. */
static NewModel *
make_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,9,9");
    new_weights(net, "constant", "1,2,9,9", 1);
    new_weights(net, "w1", "4,3,3,3", 2);
    new_weights(net, "w2", "4,3,1,1", 3);
    new_weights(net, "w3", "4,13,3,3", 4);
    new_weights(net, "w4", "8,4,5,5", 5);
    new_node(net, "Conv", "", "picture;w1", "conv", "pads=1,1,1,1");
    new_node(net, "Relu", "", "conv", "relu",
             ""); /* fused, and in place on the way back */
    new_node(net, "Conv", "", "picture;w2", "side", "");
    new_node(net, "Concat", "", "relu;side", "inner", "axis=1");
    new_node(net, "Concat", "", "picture;inner;constant", "nested", "axis=-3");
    new_node(net, "Conv", "", "nested;w3", "twice", "pads=1,1,1,1");
    new_node(net, "Concat", "", "twice;twice", "double", "axis=1");
    new_node(net, "Conv", "", "double;w4", "grouped", "group=2;pads=0,2,0,2");
    new_node(net, "Sigmoid", "", "grouped", "shared", "");
    new_node(net, "Tanh", "", "grouped", "tanh", "");
    new_node(net, "Concat", "", "shared;tanh", "first", "axis=1");
    new_node(net, "Relu", "", "shared", "positive", "");
    new_node(net, "Concat", "", "positive;shared", "second", "axis=1");
    new_node(net, "Add", "", "first;second", "sum", "");
    new_node(net, "Neg", "", "sum", "upper", "");
    new_node(net, "Abs", "", "sum", "lower", "");
    new_node(net, "Concat", "", "upper;lower", "stacked", "axis=2");
    new_output(net, "stacked");
    return net;
}

typedef struct {
    DcnModel *model;
    DcnContext *context;
    DcnPlan *plan;
    DcnSession *session;
} Side;

static bool
side_open(Side *side, const DcnPlanOptions *options)
{
    DcnError error = {0};
    side->plan = dcn_plan_new(side->model, options, &error);
    if (!side->plan)
        return false;
    side->session = dcn_session_new(side->plan, side->context, &error);
    CHECK_NEED(side->session);
    const DcnShape *input = dcn_plan_shape(side->plan, dcn_plan_input(side->plan, 0));
    net_noise(dcn_session_input(side->session, 0),
              dcn_plan_batch(side->plan) * dcn_shape_count(input), 7);
    CHECK(dcn_forward(side->session, NULL, &error));
    return true;
}

static void
side_close(Side *side)
{
    dcn_session_free(side->session);
    dcn_plan_free(side->plan);
}

static void
assert_near(
    const float *a, const float *b, size_t count, double tolerance, const char *what)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs((double)b[i]));
    for (size_t i = 0; i < count; i++)
        if (!(fabs((double)a[i] - (double)b[i]) <= tolerance * largest))
            g_error("%s, element %zu: %.9g and %.9g", what, i, (double)a[i],
                    (double)b[i]);
}

/* Names of the tensors that lie inside of another one, in the order of the net. */
static char *
parts_of(const DcnPlan *plan)
{
    GString *names = g_string_new("");
    for (size_t i = 0; i < plan->n_values; i++)
        if (plan->values[i].inside)
            g_string_append_printf(names, "%s in %s; ", plan->values[i].name,
                                   plan->values[i].inside->name);
    return g_string_free(names, FALSE);
}

static void
parts_are_found(void)
{
    static const char *const all[] = {"stacked", "double"};
    NewModel *net = make_net();
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    DcnPlanOptions options = {.targets = all, .n_targets = 2};
    struct {
        DcnPlanOptions options;
        const char *parts;
    } cases[] = {
        /* A tensor lies in one place only. A value that one step reads twice, an input and
           a constant are parts of no other tensor, nor are stacked rows, which are not
           one run of floats. With a way back the last step that reads it counts. */
        {{.purpose = DCN_FOR_PROJECTION},
         "relu in inner; side in inner; inner in nested; shared in second; tanh in "
         "first; positive in second; "},
        {{.passes_off = DCN_PASS_MEMORY},
         "relu in inner; side in inner; inner in nested; shared in first; tanh in first; "
         "positive in second; "},
        {{.batch = 2, .passes_off = DCN_PASS_MEMORY}, ""},
        {{.purpose = DCN_FOR_PROJECTION, .passes_off = DCN_PASS_PARTS}, ""},
        {{.purpose = DCN_FOR_TRAINING}, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        cases[i].options.targets = options.targets;
        cases[i].options.n_targets = options.n_targets;
        DcnPlan *plan = dcn_plan_new(model, &cases[i].options, &error);
        CHECK_NEED(plan);
        g_autofree char *parts = parts_of(plan);
        check_same_text(parts, cases[i].parts);
        dcn_plan_free(plan);
    }
    dcn_model_free(model);
    new_model_free(net);
}

/* Each tensor of the net that this plan has. */
static void
compare_tensors(const Side *a, const Side *b, const char *what)
{
    for (size_t i = 0; i < a->plan->n_values; i++) {
        const float *x = dcn_session_tensor(a->session, (int)i);
        const float *y = dcn_session_tensor(b->session, (int)i);
        if (x && y && a->plan->values[i].state == DCN_IN_RUN)
            assert_near(x, y, a->plan->batch * a->plan->values[i].count, 0, what);
    }
}

static void
runs_are_equal_and_take_no_more_memory(void)
{
    static const char *const wanted[] = {"relu",   "side",  "inner", "nested",  "twice",
                                         "double", "first", "tanh",  "stacked", "shared"};
    NewModel *net = make_net();
    DcnError error = {0};
    Side parts = {.model = new_model_open(net, &error),
                  .context = dcn_context_new(2, &error)};
    Side apart = parts;
    for (size_t n = 0; n <= G_N_ELEMENTS(wanted); n++)
        for (int batch = 1; batch < 4; batch += 2)
            for (int back = 0; back < 2; back++) {
                DcnPlanOptions options = {.batch = (size_t)batch,
                                          .purpose =
                                              back ? DCN_FOR_PROJECTION : DCN_FOR_RUNS,
                                          .targets = &wanted[n % G_N_ELEMENTS(wanted)],
                                          .n_targets = n < G_N_ELEMENTS(wanted)};
                CHECK(side_open(&parts, &options));
                options.passes_off = DCN_PASS_PARTS;
                CHECK(side_open(&apart, &options));
                compare_tensors(&parts, &apart, "forward");
                CHECK(dcn_plan_session_bytes(parts.plan) <=
                      dcn_plan_session_bytes(apart.plan));
                side_close(&parts);
                side_close(&apart);
            }
    dcn_context_free(parts.context);
    dcn_model_free(parts.model);
    new_model_free(net);
}

/* From the strongest unit and the strongest map of each tensor that has maps; what
 * earlier walks left behind is NaN. */
static size_t
compare_projections(const Side *a, const Side *b, double tolerance, const char *what)
{
    size_t pixels = dcn_shape_count(dcn_plan_shape(a->plan, dcn_plan_input(a->plan, 0)));
    g_autofree float *x = g_new(float, pixels), *y = g_new(float, pixels);
    size_t compared = 0;
    DcnError error = {0};
    for (size_t i = 0; i < a->plan->n_values; i++)
        for (int k = 0; k < 2 * DCN_METHODS; k++) {
            DcnSeed seed = {.tensor = (int)i, .whole_map = k >= DCN_METHODS};
            const PlanValue *value = &a->plan->values[i];
            if (value->state != DCN_IN_RUN || !value->live || value->shape.rank != 4)
                continue;
            if (dcn_strongest(a->session, (int)i, 0, 1, &seed.unit) != 1)
                continue;
            for (size_t j = 0; j < a->plan->signal_floats; j++)
                a->session->signals[j] = NAN;
            DcnMethod method = (DcnMethod)(k % DCN_METHODS);
            bool good = dcn_project(a->session, &seed, method, x, NULL, &error);
            CHECK(dcn_project(b->session, &seed, method, y, NULL, &error) == good);
            if (!good)
                continue;
            g_autofree char *text = g_strdup_printf("%s, from \"%s\"", what, value->name);
            assert_near(x, y, pixels, tolerance, text);
            compared++;
        }
    return compared;
}

/* Rectifiers in all the positions that the walk treats differently: below a pool whose
 * windows overlap, below several users, one of which is last; as all parts of a Concat
 * and as some; twice in one step; bounds that are no rectifier's. */
static NewModel *
make_rectified(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,21,21");
    new_weights(net, "w1", "16,3,3,3", 1);
    new_weights(net, "w2", "8,3,1,1", 2);
    new_weights(net, "w3", "16,24,1,1", 3);
    new_weights(net, "w4", "16,24,3,3", 4);
    new_weights(net, "w5", "16,24,3,3", 5);
    new_weights(net, "w6", "16,24,3,3", 6);
    new_weights(net, "w7", "32,16,3,3", 7);
    new_weights(net, "w8", "16,1,3,3", 8);
    new_floats(net, "zero", "", (float[]){0});
    new_floats(net, "six", "", (float[]){6});
    new_floats(net, "minus", "", (float[]){-1});
    new_node(net, "Conv", "", "picture;w1", "c1", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c1", "r1", "");
    new_node(net, "Conv", "", "picture;w2", "c2", "");
    new_node(net, "Clip", "", "c2;zero;six", "r2", "");
    new_node(net, "Concat", "", "r1;r2", "rectified", "axis=1");
    new_node(net, "Conv", "", "rectified;w3", "pointwise", "strides=2,2");
    new_node(net, "MaxPool", "", "rectified", "pool",
             "kernel_shape=3,3;strides=2,2;"
             "ceil_mode=1;pads=0,0,1,1");
    new_node(net, "Conv", "", "pool;w4", "c4", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c4", "r4", "");
    new_node(net, "Conv", "", "pool;w5", "c5", "pads=1,1,1,1");
    new_node(net, "Clip", "", "c5;minus;six", "bounded", "");
    new_node(net, "Concat", "", "r4;bounded", "mixed", "axis=1");
    new_node(net, "Conv", "", "mixed;w7", "c7", "group=2;pads=1,1,1,1");
    new_node(net, "Conv", "", "pool;w6", "c6", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c6", "r6", "");
    new_node(net, "Mul", "", "r6;r6", "square", "");
    new_node(net, "Conv", "", "square;w8", "depthwise", "group=16;pads=1,1,1,1");
    new_node(net, "Relu", "", "depthwise", "r8", "");
    new_node(net, "Conv", "", "r8;w8", "again", "group=16;pads=1,1,1,1");
    new_node(net, "Add", "", "r8;again", "residual", "");
    new_node(net, "Relu", "", "residual", "r9", "");
    new_node(net, "Concat", "", "c7;r9;pointwise", "end", "axis=1");
    new_weights(net, "w9", "4,64,1,1", 9);
    new_node(net, "Conv", "", "end;w9", "all", "");
    new_output(net, "all");
    return net;
}

/* Layers that see all that came before, as exporters write them; two of the Concats are
 * read by more than one step. */
static NewModel *
make_dense(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,21,21");
    new_weights(net, "w0", "4,3,3,3", 1);
    new_node(net, "Conv", "", "picture;w0", "x0", "pads=1,1,1,1");
    new_weights(net, "w1", "4,4,3,3", 2);
    new_node(net, "Conv", "", "x0;w1", "x1", "pads=1,1,1,1");
    new_node(net, "Concat", "", "x0;x1", "d1", "axis=1");
    new_node(net, "Relu", "", "d1", "r1", "");
    new_weights(net, "w2", "4,8,3,3", 3);
    new_node(net, "Conv", "", "r1;w2", "x2", "pads=1,1,1,1");
    new_node(net, "Concat", "", "x0;x1;x2", "d2", "axis=1");
    new_weights(net, "w3", "4,12,3,3", 4);
    new_node(net, "Conv", "", "d2;w3", "x3", "pads=1,1,1,1");
    new_weights(net, "side", "4,12,1,1", 5);
    new_node(net, "Conv", "", "d2;side", "y3", "");
    new_node(net, "Concat", "", "x0;x1;x2;x3", "d3", "axis=1");
    new_node(net, "Concat", "", "x1;x0;x2;x3", "other", "axis=1");
    new_node(net, "Relu", "", "d3", "r3", "");
    new_weights(net, "w4", "4,16,3,3", 6);
    new_node(net, "Conv", "", "r3;w4", "c4", "pads=1,1,1,1");
    new_node(net, "Conv", "", "other;w4", "o4", "pads=1,1,1,1");
    new_node(net, "Concat", "", "c4;y3;o4", "end", "axis=1");
    new_output(net, "end");
    return net;
}

/* Blocks whose input is added to what they give: the input read by the branch too, by a
 * branch of one step, of a picture, and behind a pool; a branch whose input the sum of
 * another branch has. */
static NewModel *
make_residual(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,4,21,21");
    new_weights(net, "w0", "4,4,3,3", 1);
    new_weights(net, "w1", "4,4,3,3", 2);
    new_weights(net, "w2", "4,4,1,1", 3);
    new_weights(net, "w3", "4,1,3,3", 4);
    new_floats(net, "bias", "4,1,1", (float[]){0.1F, -0.2F, 0.3F, 0});
    new_node(net, "Conv", "", "picture;w0", "c0", "pads=1,1,1,1");
    new_node(net, "Add", "", "picture;c0", "a0", "");
    new_node(net, "Relu", "", "a0", "r0", "");
    new_node(net, "Conv", "", "r0;w1", "c1", "pads=1,1,1,1");
    new_node(net, "Relu", "", "c1", "s1", "");
    new_node(net, "Conv", "", "s1;w2", "d1", "");
    new_node(net, "Add", "", "d1;r0", "a1", "");
    new_node(net, "Relu", "", "a1", "r1", "");
    new_node(net, "Conv", "", "r1;w3", "c2", "group=4;pads=1,1,1,1");
    new_node(net, "Add", "", "r1;c2", "a2", "");
    new_node(net, "Relu", "", "a2", "r2", "");
    new_node(net, "Conv", "", "r2;w2", "left", "");
    new_node(net, "Relu", "", "left", "left_r", "");
    new_node(net, "Conv", "", "r2;w1", "right", "pads=1,1,1,1");
    new_node(net, "Add", "", "left_r;right", "a3", "");
    new_node(net, "Add", "", "a3;bias", "a4", "");
    new_node(net, "Add", "", "a4;a4", "a5", "");
    new_node(net, "MaxPool", "", "a5", "pool", "kernel_shape=3,3;pads=1,1,1,1");
    new_node(net, "Conv", "", "pool;w1", "c5", "pads=1,1,1,1");
    new_node(net, "Add", "", "c5;pool", "a6", "");
    new_node(net, "Conv", "", "a6;w1", "c6", "pads=1,1,1,1");
    new_node(net, "Add", "", "a6;c6", "a7", "");
    new_node(net, "Concat", "", "a7;c6", "end", "axis=1");
    new_output(net, "end");
    return net;
}

static char *
handed_of(const DcnPlan *plan)
{
    GString *names = g_string_new("");
    for (size_t i = 0; i < plan->n_values; i++)
        if (plan->values[i].handed)
            g_string_append_printf(names, "%s by %s; ", plan->values[i].name,
                                   plan->values[i].handed->name);
    return g_string_free(names, FALSE);
}

static void
signals_are_handed_on_where_nothing_changes_them(void)
{
    NewModel *net = make_residual();
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    DcnPlan *plan =
        dcn_plan_new(model, &(DcnPlanOptions){.purpose = DCN_FOR_PROJECTION}, &error);
    CHECK_NEED(plan);
    /* Not c2, whose maker would read its signal and add to the same one for r1; nor c6,
       which a Concat reads later, the picture, what is broadcast and what is read twice. */
    g_autofree char *names = handed_of(plan);
    check_same_text(names,
                    "c0 by a0; r0 by a1; d1 by a1; r1 by a2; left_r by a3; right by a3; "
                    "a3 by a4; c5 by a6; a6 by a7; ");
    dcn_plan_free(plan);
    dcn_model_free(model);
    new_model_free(net);
}

static void
compare_twins(NewModel *net, unsigned passes_off, double tolerance, size_t least)
{
    DcnError error = {0};
    Side parts = {.model = new_model_open(net, &error),
                  .context = dcn_context_new(2, &error)};
    Side apart = parts;
    CHECK(side_open(&parts, &(DcnPlanOptions){.purpose = DCN_FOR_PROJECTION}));
    CHECK(side_open(&apart, &(DcnPlanOptions){.purpose = DCN_FOR_PROJECTION,
                                              .passes_off = passes_off}));
    compare_tensors(&parts, &apart, "net");
    CHECK(compare_projections(&parts, &apart, tolerance, "net") > least);
    side_close(&parts);
    side_close(&apart);
    dcn_context_free(parts.context);
    dcn_model_free(parts.model);
    new_model_free(net);
}

static void
projections_are_equal(void)
{
    compare_twins(make_net(), DCN_PASS_PARTS, 0, 60);
    compare_twins(make_net(), DCN_PASS_PARTS | DCN_PASS_FUSE, 0, 60);
}

static void
rectifiers_lose_nothing(void)
{
    compare_twins(make_rectified(), DCN_PASS_PARTS, 0, 90);
    compare_twins(make_rectified(), DCN_PASS_PARTS | DCN_PASS_FUSE, 0, 90);
    compare_twins(make_rectified(), DCN_PASS_FUSE, 0, 90);
}

/* Where a Concat lies in the next, signals are added up in another order. */
static void
nested_and_residual_nets_agree(void)
{
    const double rounding = 1e-5;
    compare_twins(make_dense(), DCN_PASS_PARTS, rounding, 60);
    compare_twins(make_dense(), DCN_PASS_PARTS | DCN_PASS_FUSE, rounding, 60);
    compare_twins(make_residual(), DCN_PASS_PARTS, 0, 60);
    compare_twins(make_residual(), DCN_PASS_PARTS | DCN_PASS_FUSE, rounding, 60);
}

static void
random_nets_agree(void)
{
    static const unsigned off[] = {DCN_PASS_PARTS, DCN_PASS_PARTS | DCN_PASS_FUSE};
    /* a rectifier in place has the bounds of what is before it: a convolution may then go
     * back by another way, and each of ten adds in another order */
    const double rounding = 1e-5;
    size_t with_parts = 0;
    for (guint32 seed = 0; seed < 80; seed++) {
        NewModel *net = random_net(seed, seed % 7 == 6);
        DcnError error = {0};
        Side parts = {.model = new_model_open(net, &error),
                      .context = dcn_context_new(2, &error)};
        Side apart = parts;
        for (int twin = 0; parts.model && twin < 4; twin++) {
            int back = twin % 2;
            DcnPlanOptions options = {.purpose =
                                          back ? DCN_FOR_PROJECTION : DCN_FOR_RUNS};
            if (!side_open(&parts, &options)) /* pools became too small */
                continue;
            options.passes_off = off[twin / 2];
            CHECK(side_open(&apart, &options));
            g_autofree char *what = g_strdup_printf("net %u", seed);
            g_autofree char *names = parts_of(parts.plan);
            with_parts += names[0] != '\0';
            compare_tensors(&parts, &apart, what);
            CHECK(dcn_plan_session_bytes(parts.plan) <=
                  dcn_plan_session_bytes(apart.plan));
            if (back)
                compare_projections(&parts, &apart, twin < 2 ? 0 : rounding, what);
            side_close(&parts);
            side_close(&apart);
        }
        dcn_context_free(parts.context);
        dcn_model_free(parts.model);
        new_model_free(net);
    }
    CHECK(with_parts > 10);
}

CHECK_MAIN(CHECK_TEST(parts_are_found),
           CHECK_TEST(runs_are_equal_and_take_no_more_memory),
           CHECK_TEST(projections_are_equal),
           CHECK_TEST(signals_are_handed_on_where_nothing_changes_them),
           CHECK_TEST(nested_and_residual_nets_agree),
           CHECK_TEST(rectifiers_lose_nothing),
           CHECK_TEST(random_nets_agree))
