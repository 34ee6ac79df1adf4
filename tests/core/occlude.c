/* occlude.c: tests that occlusion by patches is what whole runs give.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The twin (plain_occlude.c) runs the whole net at every position. Nets: drawn at random
 * from all operators that occur in pictures' nets, with seeds; squares that hang over
 * edges; any fill and step.
 */
#include "build_model.h"
#include "plain_occlude.h"
#include <math.h>
#include <string.h>

/* --- random nets --- */

typedef struct {
    NewModel *net;
    GRand *random;
    int channels, made, weights;
    int narrow,
        wide; /* maps of a convolution; from 48 on Winograd's algorithm takes part */
    char last[16];
} Drawing;

static int
pick(Drawing *d, int begin, int end)
{
    return g_rand_int_range(d->random, begin, end);
}

/* A new initialiser; its name lives until the next one. */
static const char *
weights(Drawing *d, const char *shape)
{
    static char name[16];
    g_snprintf(name, sizeof name, "w%d", d->weights++);
    new_weights(d->net, name, shape, (guint32)pick(d, 0, 1 << 30));
    return name;
}

static void
put(Drawing *d, const char *type, const char *inputs, const char *attributes)
{
    char name[16];
    g_snprintf(name, sizeof name, "t%d", ++d->made);
    new_node(d->net, type, name, inputs, name, attributes);
    strcpy(d->last, name);
}

static void
put_conv(Drawing *d)
{
    int kernel = pick(d, 1, 5), stride = pick(d, 0, 4) == 0 ? 2 : 1,
        dilation = pick(d, 0, 5) == 0 ? 2 : 1;
    int groups = pick(d, 0, 4) == 0 ? d->channels : 1,
        maps = groups > 1 ? d->channels : pick(d, d->narrow, d->wide);
    g_autofree char *shape =
        g_strdup_printf("%d,%d,%d,%d", maps, d->channels / groups, kernel, kernel);
    g_autofree char *inputs = g_strdup_printf("%s;%s", d->last, weights(d, shape));
    g_autofree char *attributes =
        g_strdup_printf("group=%d;strides=%d,%d;dilations=%d,%d;pads=%d,%d,%d,%d", groups,
                        stride, stride, dilation, dilation, pick(d, 0, kernel),
                        pick(d, 0, kernel), pick(d, 0, kernel), pick(d, 0, kernel));
    put(d, "Conv", inputs, attributes);
    d->channels = maps;
}

static void
put_pool(Drawing *d)
{
    int kernel = pick(d, 2, 4), stride = pick(d, 1, 3), most = pick(d, 0, 3);
    g_autofree char *attributes = g_strdup_printf(
        "kernel_shape=%d,%d;strides=%d,%d;pads=%d,%d,%d,%d;ceil_mode=%d%s", kernel,
        kernel, stride, stride, pick(d, 0, 2), pick(d, 0, 2), pick(d, 0, 2),
        pick(d, 0, 2), pick(d, 0, 2),
        most            ? ""
        : pick(d, 0, 2) ? ";count_include_pad=1"
                        : "");
    put(d, most ? "MaxPool" : "AveragePool", d->last, attributes);
}

static void
put_norm(Drawing *d)
{
    g_autofree char *shape = g_strdup_printf("%d", d->channels);
    g_autofree float *positive = g_new(float, d->channels);
    for (int i = 0; i < d->channels; i++)
        positive[i] = (float)g_rand_double_range(d->random, 0.5, 2);
    g_autofree char *scale = g_strdup(weights(d, shape)),
                    *bias = g_strdup(weights(d, shape));
    g_autofree char *mean = g_strdup(weights(d, shape)),
                    *var = g_strdup_printf("v%d", d->weights++);
    new_floats(d->net, var, shape, positive);
    g_autofree char *inputs =
        g_strdup_printf("%s;%s;%s;%s;%s", d->last, scale, bias, mean, var);
    put(d, "BatchNormalization", inputs, "");
}

static void
put_per_channel(Drawing *d, const char *type)
{
    g_autofree char *shape = g_strdup_printf("%d,1,1", d->channels);
    g_autofree char *inputs = g_strdup_printf("%s;%s", d->last, weights(d, shape));
    put(d, type, inputs, "");
}

/* Two branches of the same shape, added, multiplied or put one behind the other. */
static void
put_branches(Drawing *d)
{
    static const char *const joins[] = {"Add", "Mul", "Sub", "Concat", "Sum"};
    int channels = d->channels, join = pick(d, 0, 5);
    g_autofree char *from = g_strdup(d->last);
    g_autofree char *shape1 = g_strdup_printf("%d,%d,1,1", channels, channels);
    g_autofree char *shape3 = g_strdup_printf("%d,%d,3,3", channels, channels);
    g_autofree char *left = g_strdup_printf("%s;%s", from, weights(d, shape1));
    put(d, "Conv", left, "");
    g_autofree char *a = g_strdup(d->last);
    g_autofree char *right = g_strdup_printf("%s;%s", from, weights(d, shape3));
    put(d, "Conv", right, "pads=1,1,1,1");
    g_autofree char *both = g_strdup_printf("%s;%s", pick(d, 0, 3) ? a : from, d->last);
    put(d, joins[join], both, join == 3 ? "axis=1" : "");
    d->channels = join == 3 ? 2 * channels : channels;
}

/* Squeeze and excite: every place depends on all. */
static void
put_gate(Drawing *d)
{
    g_autofree char *from = g_strdup(d->last);
    g_autofree char *shape = g_strdup_printf("%d,%d,1,1", d->channels, d->channels);
    put(d, "GlobalAveragePool", from, "");
    g_autofree char *inputs = g_strdup_printf("%s;%s", d->last, weights(d, shape));
    put(d, "Conv", inputs, "");
    put(d, "Sigmoid", d->last, "");
    g_autofree char *both = g_strdup_printf("%s;%s", from, d->last);
    put(d, "Mul", both, "");
}

static NewModel *
random_net(guint32 seed, bool nhwc)
{
    static const char *const plain[] = {
        "Relu", "LeakyRelu",   "Sigmoid",  "HardSwish", "Tanh",
        "Elu",  "HardSigmoid", "Identity", "Dropout",   "Relu"};
    Drawing d = {.net = new_model(14),
                 .random = g_rand_new_with_seed(seed),
                 .channels = 3,
                 .narrow = seed % 4 == 3 ? 48 : 2,
                 .wide = seed % 4 == 3 ? 56 : 9};
    new_input(d.net, "picture", nhwc ? "1,29,33,3" : "1,3,29,33");
    strcpy(d.last, "picture");
    if (nhwc)
        put(&d, "Transpose", d.last, "perm=0,3,1,2");
    int pools = 0;
    if (d.narrow >= 48) { /* a 3x3 convolution between many maps is sure to be there */
        put_conv(&d);
        put_branches(&d);
    }
    for (int i = 0, n = pick(&d, 4, 10); i < n; i++)
        switch (pick(&d, 0, 11)) {
        case 0:
        case 1:
        case 2:
            put_conv(&d);
            break;
        case 3:
            if (pools++ < 2)
                put_pool(&d);
            break;
        case 4:
            put_norm(&d);
            break;
        case 5:
            put_per_channel(&d, pick(&d, 0, 2) ? "PRelu" : "Add");
            break;
        case 6:
            put(&d, "LRN", d.last, "size=3;alpha=.0.1");
            break;
        case 7:
            if (d.channels < 100)
                put_branches(&d);
            break;
        case 8:
            if (pick(&d, 0, 3) == 0)
                put_gate(&d);
            break;
        default:
            put(&d, plain[pick(&d, 0, G_N_ELEMENTS(plain))], d.last, "");
        }
    put(&d, "Relu", d.last, "");
    new_node(d.net, "Identity", "watched", d.last, "watched", "");
    put(&d, pick(&d, 0, 2) ? "GlobalAveragePool" : "GlobalMaxPool", "watched", "");
    put(&d, "Flatten", d.last, "");
    g_autofree char *shape = g_strdup_printf("%d,6", d.channels);
    g_autofree char *inputs = g_strdup_printf("%s;%s", d.last, weights(&d, shape));
    put(&d, "MatMul", inputs, "");
    if (pick(&d, 0, 2))
        put(&d, "Softmax", d.last, "");
    new_output(d.net, d.last);
    g_rand_free(d.random);
    return d.net;
}

/* --- comparing --- */

static double
largest(const float *a, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs((double)a[i]));
    return most;
}

static double
difference(const float *a, const float *b, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        double d = fabs((double)a[i] - (double)b[i]);
        most = d > most || isnan(d) ? d : most;
    }
    return most;
}

static void
compare(const DcnModel *model,
        const DcnOcclusion *options,
        const float *picture,
        const char *what)
{
    DcnError error = {0};
    DcnContext *context = dcn_context_new(2, &error);
    DcnOcclusionMaps quick, plain;
    g_assert_true(plain_occlude(model, context, options, picture, &plain, &error));
    g_assert_true(dcn_occlude(model, context, options, picture, &quick, NULL, &error));
    size_t cells = plain.rows * plain.columns;
    g_assert_cmpuint(quick.base_best, ==, plain.base_best);
    g_assert_cmpfloat(
        difference(quick.base_probability, plain.base_probability, plain.classes), <=,
        1e-4);
    g_assert_cmpfloat(fabs((double)quick.base_activity - (double)plain.base_activity), <=,
                      1e-4 * fabs((double)plain.base_activity) + 1e-4);
    g_assert_cmpuint(quick.rows, ==, plain.rows);
    g_assert_cmpuint(quick.columns, ==, plain.columns);
    g_assert_cmpuint(quick.channel, ==, plain.channel);
    double scale = largest(plain.activity, cells);
    double activity = difference(quick.activity, plain.activity, cells);
    double p = difference(quick.probability, plain.probability, cells * plain.classes);
    double score = difference(quick.score, plain.score, cells * plain.classes);
    double score_scale = largest(plain.score, cells * plain.classes);
    if (!(activity <= 1e-4 * scale && p <= 1e-4 && score <= 1e-4 * score_scale + 1e-6))
        g_error("%s: activity %.3g of %.3g, probability %.3g, score %.3g of %.3g", what,
                activity, scale, p, score, score_scale);
    for (size_t i = 0; i < cells; i++) {
        const float *row = plain.probability + i * plain.classes;
        if (quick.best[i] != plain.best[i]) /* only where both are as probable */
            g_assert_cmpfloat(
                fabs((double)row[quick.best[i]] - (double)row[plain.best[i]]), <, 1e-4);
    }
    dcn_occlusion_maps_free(&quick);
    dcn_occlusion_maps_free(&plain);
    dcn_context_free(context);
}

static void
random_nets_agree_with_whole_runs(void)
{
    static const int64_t squares[][2] = {{8, 4},   {1, 9}, {5, 3},
                                         {40, 11}, {3, 7}, {7, 30}};
    size_t count = 3 * 29 * 33, tried = 0;
    g_autofree float *picture = g_new(float, count), *fill = g_new(float, count);
    for (guint32 seed = 0; seed < 60; seed++) {
        bool nhwc = seed % 7 == 6;
        NewModel *net = random_net(seed, nhwc);
        DcnError error = {0};
        DcnModel *model = new_model_open(net, &error);
        DcnPlan *plan = model ? dcn_plan_new(model, NULL, &error) : NULL;
        if (plan) { /* a net whose pools became too small is no net */
            g_autoptr(GRand) random = g_rand_new_with_seed(seed);
            for (size_t i = 0; i < count; i++) {
                picture[i] = (float)g_rand_double_range(random, -1, 1);
                fill[i] = seed % 2 ? 0 : (float)g_rand_double_range(random, -1, 1);
            }
            const int64_t *square = squares[seed % G_N_ELEMENTS(squares)];
            DcnOcclusion options = {.size = square[0],
                                    .step = square[1],
                                    .fill = fill,
                                    .layer = "watched",
                                    .channel = -1,
                                    .batch = seed % 3 ? 0 : 3};
            g_autofree char *what = g_strdup_printf("net %u", seed);
            compare(model, &options, picture, what);
            tried++;
        } else {
            g_test_message("net %u: %s", seed, error.text);
        }
        dcn_plan_free(plan);
        dcn_model_free(model);
        new_model_free(net);
    }
    g_assert_cmpuint(tried, >, 45);
}

/* A fully connected layer so large that it is run for many positions at once. bypass:
 * scores have the picture by another way too, and it may not be. */
static NewModel *
net_with_a_large_head(bool bypass)
{
    NewModel *net = new_model(14);
    new_input(net, "picture", "1,3,29,33");
    new_weights(net, "w1", "16,3,3,3", 1);
    new_node(net, "Conv", "conv", "picture;w1", "conv", "strides=2,2;pads=1,1,1,1");
    new_node(net, "Relu", "watched", "conv", "watched", "");
    new_node(net, "Flatten", "flat", "watched", "flat", "");
    new_weights(net, "w2", "264,4080", 2);
    new_weights(net, "b2", "264", 3);
    new_node(net, "Gemm", "fc1", "flat;w2;b2", "fc1", "transB=1");
    new_node(net, "Relu", "relu", "fc1", "relu", "");
    new_weights(net, "w3", "6,264", 4);
    new_node(net, "Gemm", "fc2", "relu;w3", "fc2", "transB=1");
    new_node(net, "GlobalAveragePool", "mean", "watched", "mean", "");
    new_node(net, "Flatten", "means", "mean", "means", "");
    new_weights(net, "w4", "16,6", 5);
    new_node(net, "MatMul", "around", "means;w4", "around", "");
    new_node(net, "Add", "both", "fc2;around", "both", "");
    new_node(net, "Softmax", "softmax", bypass ? "both" : "fc2", "p", "");
    new_output(net, "p");
    return net;
}

static void
large_heads_agree_with_whole_runs(void)
{
    size_t count = 3 * 29 * 33;
    g_autofree float *picture = g_new(float, count), *fill = g_new0(float, count);
    g_autoptr(GRand) random = g_rand_new_with_seed(9);
    for (size_t i = 0; i < count; i++)
        picture[i] = (float)g_rand_double_range(random, -0.1, 0.1);
    for (int bypass = 0; bypass < 2; bypass++) {
        NewModel *net = net_with_a_large_head(bypass);
        DcnError error = {0};
        DcnModel *model = new_model_open(net, &error);
        g_assert_nonnull(model);
        DcnOcclusion options = {
            .size = 5, .step = 2, .fill = fill, .layer = "watched", .channel = -1};
        compare(model, &options, picture, bypass ? "bypass" : "head");
        options.step = 7; /* some squares lie outside */
        options.size = 1;
        compare(model, &options, picture, bypass ? "bypass" : "head");
        dcn_model_free(model);
        new_model_free(net);
    }
}

static bool
stop_in_the_middle(double done, void *user)
{
    (void)user;
    return done < 0.4;
}

static void
a_stop_leaves_nothing_behind(void)
{
    NewModel *net = random_net(1, false);
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    DcnContext *context = dcn_context_new(1, &error);
    DcnOcclusionMaps maps;
    g_autofree float *picture = g_new0(float, 3 * 29 * 33);
    DcnOcclusion options = {.size = 4,
                            .step = 2,
                            .fill = picture,
                            .layer = "watched",
                            .channel = -1,
                            .batch = 2};
    DcnProgress progress = {stop_in_the_middle, NULL};
    g_assert_false(
        dcn_occlude(model, context, &options, picture, &maps, &progress, &error));
    g_assert_cmpint(error.code, ==, DCN_CANCELLED);
    g_assert_null(maps.activity);
    options.step = 0;
    g_assert_false(dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
    g_assert_cmpint(error.code, ==, DCN_ERROR_VALUE);
    options.step = 2;
    options.layer = "watchd";
    g_assert_false(dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
    g_assert_nonnull(strstr(error.text, "watchd"));
    dcn_context_free(context);
    dcn_model_free(model);
    new_model_free(net);
}

/* --- growing maps --- */

typedef struct {
    const DcnOcclusionMaps *whole;
    size_t calls, known, stop_at;
    size_t grids[5]; /* calls that saw this grid */
} Watch;

/* Cells that are known have their last value, and only more of them come. */
static bool
watch(const DcnOcclusionMaps *maps, void *user)
{
    Watch *w = user;
    size_t known = 0;
    for (size_t i = 0; i < maps->rows * maps->columns; i++) {
        if (!maps->known[i])
            continue;
        known++;
        g_assert_cmpfloat(maps->activity[i], ==, w->whole->activity[i]);
        g_assert_cmpmem(maps->score + i * maps->classes, maps->classes * sizeof(float),
                        w->whole->score + i * maps->classes,
                        maps->classes * sizeof(float));
        g_assert_cmpuint(maps->best[i], ==, w->whole->best[i]);
    }
    g_assert_cmpuint(known, ==, maps->n_known);
    g_assert_cmpuint(known, >, w->known);
    for (size_t r = 0; r < maps->rows; r++)
        for (size_t c = 0; c < maps->columns; c++) {
            size_t cell = dcn_occlusion_cell(maps, r, c);
            if (maps->grid > 0 && r % maps->grid == 0 && c % maps->grid == 0)
                g_assert_true(maps->known[r * maps->columns + c]);
            g_assert_true(cell == SIZE_MAX || maps->known[cell]);
            if (maps->grid > 0) /* the map has no hole any more */
                g_assert_cmpuint(cell, !=, SIZE_MAX);
        }
    w->known = known;
    w->calls++;
    w->grids[maps->grid]++;
    return known < w->stop_at;
}

static bool
go_on(const DcnOcclusionMaps *maps, void *user)
{
    (void)user;
    return maps->n_known > 0;
}

static void
watch_cells_of(NewModel *net, size_t most_at_once)
{
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    g_autofree float *picture = g_new(float, 3 * 29 * 33);
    for (int i = 0; i < 3 * 29 * 33; i++)
        picture[i] = (float)(i % 7) / 7;
    g_autofree float *fill = g_new0(float, 3 * 29 * 33);
    DcnOcclusion options = {.size = 4,
                            .step = 2,
                            .fill = fill,
                            .layer = "watched",
                            .channel = -1,
                            .batch = 2};
    for (int threads = 1; threads <= 3; threads++) {
        DcnContext *context = dcn_context_new(threads, &error);
        DcnOcclusionMaps whole, maps;
        options.cells = go_on; /* batches of the same size, so equal to the last bit */
        g_assert_true(
            dcn_occlude(model, context, &options, picture, &whole, NULL, &error));
        size_t cells = whole.rows * whole.columns;
        g_assert_cmpuint(whole.n_known, ==, cells);
        g_assert_cmpuint(whole.grid, ==, 1);

        Watch all = {.whole = &whole, .stop_at = SIZE_MAX};
        options.cells = watch;
        options.cells_user = &all;
        g_assert_true(
            dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
        g_assert_cmpuint(maps.n_known, ==, cells);
        g_assert_cmpmem(maps.activity, cells * sizeof(float), whole.activity,
                        cells * sizeof(float));
        if (threads == 1) { /* the caller computes every batch itself */
            g_assert_cmpint(all.grids[0] > 0, ==, most_at_once == 2);
            g_assert_cmpuint(all.grids[4], >, 0);
            g_assert_cmpuint(all.grids[2], >, 0);
        }
        dcn_occlusion_maps_free(&maps);

        Watch some = {.whole = &whole, .stop_at = cells / 4};
        options.cells_user = &some;
        g_assert_true(
            dcn_occlude(model, context, &options, picture, &maps, NULL, &error));
        g_assert_cmpuint(maps.n_known, >=, some.known);
        if (threads == 1) {
            g_assert_cmpuint(maps.n_known, ==, some.known);
            g_assert_cmpuint(maps.n_known, <, cells / 4 + most_at_once);
        }
        for (size_t i = 0; i < cells; i++)
            g_assert_cmpfloat(maps.activity[i], ==,
                              maps.known[i] ? whole.activity[i] : 0);
        dcn_occlusion_maps_free(&maps);
        dcn_occlusion_maps_free(&whole);
        dcn_context_free(context);
    }
    dcn_model_free(model);
    new_model_free(net);
}

static void
cells_come_coarse_to_fine_until_it_is_enough(void)
{
    watch_cells_of(random_net(1, false), 2);
}

static void
cells_of_a_large_head_come_coarse_to_fine_too(void)
{
    watch_cells_of(net_with_a_large_head(false), 192);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/occlude/random_nets_agree_with_whole_runs",
                    random_nets_agree_with_whole_runs);
    g_test_add_func("/occlude/a_stop_leaves_nothing_behind",
                    a_stop_leaves_nothing_behind);
    g_test_add_func("/occlude/cells_come_coarse_to_fine_until_it_is_enough",
                    cells_come_coarse_to_fine_until_it_is_enough);
    g_test_add_func("/occlude/large_heads_agree_with_whole_runs",
                    large_heads_agree_with_whole_runs);
    g_test_add_func("/occlude/cells_of_a_large_head_come_coarse_to_fine_too",
                    cells_of_a_large_head_come_coarse_to_fine_too);
    return g_test_run();
}
