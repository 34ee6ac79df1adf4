/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conv and ConvTranspose: by hand, and against plain twins over random parameters. */
#include "check.h"
#include "core/fixture/op_run.h"
#include "ops/conv/signal.h"
#include <float.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t images, groups, channels, maps; /* channels and maps of a group */
    int64_t in[2], kernel[2], stride[2], dilation[2], pads[4];
} Setting;

static int64_t
out_size(const Setting *s, int axis)
{
    int64_t extent = (s->kernel[axis] - 1) * s->dilation[axis] + 1;
    return (s->in[axis] + s->pads[axis] + s->pads[2 + axis] - extent) / s->stride[axis] +
           1;
}

/* The definition, one product at a time: for each place of the map side and each element
 * of the kernel, calls visit with the element of x, of w and of y. */
static void
each_product(const Setting *s,
             void (*visit)(void *user, size_t x, size_t w, size_t y),
             void *user)
{
    int64_t oh = out_size(s, 0), ow = out_size(s, 1);
    int64_t channels = s->channels * s->groups, maps = s->maps * s->groups;
    for (int64_t n = 0; n < s->images; n++)
        for (int64_t m = 0; m < maps; m++)
            for (int64_t oy = 0; oy < oh; oy++)
                for (int64_t ox = 0; ox < ow; ox++)
                    for (int64_t c = 0; c < s->channels; c++)
                        for (int64_t ky = 0; ky < s->kernel[0]; ky++)
                            for (int64_t kx = 0; kx < s->kernel[1]; kx++) {
                                int64_t iy =
                                    oy * s->stride[0] - s->pads[0] + ky * s->dilation[0];
                                int64_t ix =
                                    ox * s->stride[1] - s->pads[1] + kx * s->dilation[1];
                                if (iy < 0 || iy >= s->in[0] || ix < 0 || ix >= s->in[1])
                                    continue;
                                int64_t channel = m / s->maps * s->channels + c;
                                visit(
                                    user,
                                    (size_t)(((n * channels + channel) * s->in[0] + iy) *
                                                 s->in[1] +
                                             ix),
                                    (size_t)(((m * s->channels + c) * s->kernel[0] + ky) *
                                                 s->kernel[1] +
                                             kx),
                                    (size_t)(((n * maps + m) * oh + oy) * ow + ox));
                            }
}

typedef struct {
    const float *x, *w, *y; /* of which two are given */
    double *sum;            /* of the third */
} Twin;

static void
add_forward(void *user, size_t x, size_t w, size_t y)
{
    Twin *t = user;
    t->sum[y] += (double)t->x[x] * (double)t->w[w];
}

static void
add_back(void *user, size_t x, size_t w, size_t y)
{
    Twin *t = user;
    t->sum[x] += (double)t->y[y] * (double)t->w[w];
}

static void
add_weights(void *user, size_t x, size_t w, size_t y)
{
    Twin *t = user;
    t->sum[w] += (double)t->y[y] * (double)t->x[x];
}

/* terms: products that each sum has, none larger than 4. */
static void
compare(const char *what,
        const Setting *s,
        const float *got,
        const double *sum,
        size_t n,
        double terms)
{
    double bound = terms * (double)FLT_EPSILON * 4;
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)got[i] - sum[i]) <= bound)) {
            check_fail(
                "%s: images %lld groups %lld channels %lld maps %lld in %lldx%lld "
                "kernel %lldx%lld stride %lld,%lld dilation %lld,%lld pads "
                "%lld,%lld,%lld,%lld: [%zu] got %.8g, wanted %.8g",
                what, (long long)s->images, (long long)s->groups, (long long)s->channels,
                (long long)s->maps, (long long)s->in[0], (long long)s->in[1],
                (long long)s->kernel[0], (long long)s->kernel[1], (long long)s->stride[0],
                (long long)s->stride[1], (long long)s->dilation[0],
                (long long)s->dilation[1], (long long)s->pads[0], (long long)s->pads[1],
                (long long)s->pads[2], (long long)s->pads[3], i, (double)got[i], sum[i]);
            return;
        }
}

static double *
zeroes(size_t count)
{
    double *sum = calloc(count + 1, sizeof *sum);
    if (!sum)
        abort();
    return sum;
}

static void
set_window(OpRun *run, const Setting *s)
{
    op_int(run, "group", s->groups);
    op_ints(run, "strides", 2, s->stride);
    op_ints(run, "dilations", 2, s->dilation);
    op_ints(run, "pads", 4, s->pads);
}

static void
conv_like_twin(const Setting *s, int threads)
{
    OpRun run;
    op_begin(&run, "Conv", 11);
    run.batch = (size_t)s->images;
    run.threads = threads;
    set_window(&run, s);
    int64_t channels = s->channels * s->groups, maps = s->maps * s->groups;
    float *x = op_input(&run, 4, (int64_t[]){1, channels, s->in[0], s->in[1]}, NULL);
    float *w = op_weight(
        &run, 4, (int64_t[]){maps, s->channels, s->kernel[0], s->kernel[1]}, NULL);
    float *bias = op_weight(&run, 1, &maps, NULL);
    if (!op_setup(&run, 1)) {
        check_fail("%s", run.error.text);
        op_end(&run);
        return;
    }
    double kernel = (double)(s->kernel[0] * s->kernel[1]);
    double ahead = (double)s->channels * kernel + 1, back = (double)s->maps * kernel;
    size_t n_x = op_total(&run, &run.in[0]), n_w = run.in[1].count;
    size_t n_y = op_total(&run, &run.out[0]);
    size_t plane = run.out[0].count / (size_t)maps;
    op_forward(&run);
    double *sum = zeroes(n_y);
    for (size_t i = 0; i < n_y; i++)
        sum[i] = (double)bias[i / plane % (size_t)maps];
    each_product(s, add_forward, &(Twin){.x = x, .w = w, .sum = sum});
    /* The transforms of prepared weights add and take off numbers up to some eight times
     * as large as what remains. */
    compare("forward", s, run.out[0].data, sum, n_y, run.prepared ? 8 * ahead : ahead);
    run.plain = true;
    op_forward(&run);
    compare("forward without prepared weights", s, run.out[0].data, sum, n_y, ahead);
    free(sum);

    float *dy = run.out[0].grad;
    op_noise(&run, dy, n_y);
    op_back(&run, DCN_GRADIENT);
    sum = zeroes(n_x);
    each_product(s, add_back, &(Twin){.y = dy, .w = w, .sum = sum});
    compare("back", s, run.in[0].grad, sum, n_x, back);
    free(sum);

    op_grad_weights(&run);
    sum = zeroes(n_w);
    each_product(s, add_weights, &(Twin){.y = dy, .x = x, .sum = sum});
    compare("weights", s, run.in[1].grad, sum, n_w, (double)(n_y / (size_t)maps));
    free(sum);
    sum = zeroes((size_t)maps);
    for (size_t i = 0; i < n_y; i++)
        sum[i / plane % (size_t)maps] += (double)dy[i];
    compare("bias", s, run.in[2].grad, sum, (size_t)maps, (double)(n_y / (size_t)maps));
    free(sum);
    op_end(&run);
}

/* The transposed map: what comes back in a Conv goes forward in a ConvTranspose. */
static void
transpose_like_twin(const Setting *s, int threads)
{
    OpRun run;
    op_begin(&run, "ConvTranspose", 11);
    run.batch = (size_t)s->images;
    run.threads = threads;
    set_window(&run, s);
    op_ints(&run, "output_shape", 2, s->in);
    /* With output_shape the pads are worked out anew; the twin takes those. */
    int64_t channels = s->channels * s->groups, maps = s->maps * s->groups;
    float *x =
        op_input(&run, 4, (int64_t[]){1, maps, out_size(s, 0), out_size(s, 1)}, NULL);
    float *w = op_weight(
        &run, 4, (int64_t[]){maps, s->channels, s->kernel[0], s->kernel[1]}, NULL);
    if (!op_setup(&run, 1)) {
        check_fail("%s", run.error.text);
        op_end(&run);
        return;
    }
    check_int(run.out[0].shape.dim[1], channels, "channels of the transpose");
    Setting own = *s;
    for (int i = 0; i < 2; i++) {
        int64_t full =
            (out_size(s, i) - 1) * s->stride[i] + (s->kernel[i] - 1) * s->dilation[i] + 1;
        int64_t total = full > s->in[i] ? full - s->in[i] : 0;
        own.pads[i] = total - total / 2;
        own.pads[2 + i] = s->pads[i] + s->pads[2 + i] - own.pads[i];
    }
    op_forward(&run);
    size_t n = op_total(&run, &run.out[0]);
    double *sum = zeroes(n);
    each_product(&own, add_back, &(Twin){.y = x, .w = w, .sum = sum});
    compare("transpose", &own, run.out[0].data, sum, n,
            (double)(s->maps * s->kernel[0] * s->kernel[1]));
    free(sum);
    op_end(&run);
}

static int64_t
among(OpRun *random, int64_t low, int64_t high)
{
    return low +
           (int64_t)((double)(op_random(random) + 1) / 2.0001 * (double)(high - low + 1));
}

static void
random_settings(void (*test)(const Setting *, int))
{
    OpRun random = {.random = 7};
    for (int round = 0; round < 150; round++) {
        Setting s = {
            .images = among(&random, 1, 3),
            .groups = among(&random, 1, 3),
            .channels = among(&random, 1, 5),
            .maps = among(&random, 1, 6),
        };
        for (int i = 0; i < 2; i++) {
            s.kernel[i] = among(&random, 1, 4);
            s.stride[i] = among(&random, 1, 3);
            s.dilation[i] = among(&random, 1, 2);
            s.pads[i] = among(&random, 0, 2);
            s.pads[2 + i] = among(&random, 0, 2);
            int64_t extent = (s.kernel[i] - 1) * s.dilation[i] + 1;
            s.in[i] = among(&random, extent, extent + 9);
        }
        test(&s, 1 + round % 3);
    }
}

static void
conv_is_its_definition_forward_and_back(void)
{
    random_settings(conv_like_twin);
}

static void
convtranspose_is_the_transposed_map(void)
{
    random_settings(transpose_like_twin);
}

/* More columns than one tile, more rows than one block, images that share tiles. */
static void
large_convolutions_are_their_definition(void)
{
    static const Setting settings[] = {
        {1, 1, 70, 9, {40, 37}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}},
        {1, 1, 3, 20, {70, 80}, {7, 7}, {2, 2}, {1, 1}, {3, 3, 3, 3}},
        {9, 1, 60, 24, {5, 5}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}},
        {7, 2, 40, 17, {6, 6}, {1, 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}},
        {2, 1, 300, 33, {4, 3}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}},
        {1, 1, 200, 65, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}},
        {3, 1, 33, 18, {17, 22}, {3, 3}, {1, 1}, {1, 1}, {0, 1, 2, 1}},
        {1, 1, 16, 70, {57, 58}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}},
        {5, 1, 128, 40, {7, 6}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}},
        {2, 24, 1, 1, {33, 35}, {5, 5}, {2, 2}, {1, 1}, {2, 2, 2, 2}},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        for (int threads = 1; threads < 4; threads++)
            conv_like_twin(&settings[i], threads);
}

/* The worked example: x = [1 2 -1 3] through the kernel [1 -1] with the bias 0.5. */
static void
conv_projects_a_seed_through_its_kernel(void)
{
    OpRun run;
    op_begin(&run, "Conv", 9);
    op_input(&run, 4, (int64_t[]){1, 1, 1, 4}, (float[]){1, 2, -1, 3});
    op_weight(&run, 4, (int64_t[]){1, 1, 1, 2}, (float[]){1, -1});
    op_weight(&run, 1, (int64_t[]){1}, (float[]){0.5F});
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        check_floats(run.out[0].data, (float[]){-0.5F, 3.5F, -3.5F}, 3, 0);
        memcpy(run.out[0].grad, (float[]){7, 14, 0}, 3 * sizeof(float));
        op_back(&run, DCN_DECONVNET);
        check_floats(run.in[0].grad, (float[]){7, 7, -14, 0}, 4, 0);
    }
    op_end(&run);
}

static void
a_rectifier_can_be_fused(void)
{
    static const char *const ops[] = {"Conv", "ConvTranspose"};
    for (size_t i = 0; i < 2; i++) {
        OpRun run;
        op_begin(&run, ops[i], 11);
        op_input(&run, 4, (int64_t[]){1, 2, 5, 5}, NULL);
        op_weight(&run, 4, (int64_t[]){2, 2, 2, 2}, NULL);
        if (check(op_setup(&run, 1), run.error.text)) {
            size_t n = run.out[0].count;
            float *wanted = malloc(n * sizeof *wanted);
            if (!wanted)
                abort();
            op_forward(&run);
            for (size_t k = 0; k < n; k++)
                wanted[k] = fminf(fmaxf(run.out[0].data[k], 0), 1);
            run.op->fuse.take(run.params, &(DcnClamp){0, INFINITY});
            run.op->fuse.take(run.params, &(DcnClamp){-3, 1});
            op_forward(&run);
            check_floats(run.out[0].data, wanted, n, 0);
            free(wanted);
        }
        op_end(&run);
    }
}

static void
what_does_not_fit_is_refused_by_name(void)
{
    static const struct {
        const char *op;
        int64_t x[5], w[4], bias, group;
        const char *says;
    } wrong[] = {
        {"Conv",
         {1, 96, 5, 5},
         {384, 256, 3, 3},
         384,
         1,
         "node \"n\" (Conv): weights are 384x256x3x3 in 1 groups, so the input needs 256 "
         "channels; it has 96"},
        {"Conv", {1, 6, 5, 5}, {4, 2, 3, 3}, 4, 3, "4 maps in 3 groups"},
        {"Conv", {1, 6, 5, 5}, {4, 6, 3, 3}, 5, 1, "the bias is 5 where 4 maps"},
        {"Conv",
         {1, 6, 5, 5, 5},
         {4, 6, 3, 3},
         4,
         1,
         "weights are 4x6x3x3, which does not fit"},
        {"Conv", {1, 6, 5, 5}, {0, 6, 3, 3}, 0, 1, "0 maps in 1 groups"},
        {"Conv", {1, 6, 5, 5}, {4, 6, 0, 3}, 4, 1, "a kernel of size 0"},
        {"ConvTranspose", {1, 6, 5, 5}, {4, 6, 3, 3}, 6, 1, "the input is 1x6x5x5"},
        {"ConvTranspose", {1, 4, 5, 5}, {4, 6, 3, 3}, 7, 1, "the bias is 7 where 6"},
        {"ConvTranspose",
         {1, 4, 5, 5, 5},
         {4, 6, 3, 3},
         6,
         1,
         "weights are 4x6x3x3, which does not fit"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        OpRun run;
        op_begin(&run, wrong[i].op, 11);
        op_int(&run, "group", wrong[i].group);
        op_input(&run, wrong[i].x[4] ? 5 : 4, wrong[i].x, NULL);
        op_weight(&run, 4, wrong[i].w, NULL);
        op_weight(&run, 1, &wrong[i].bias, NULL);
        check(!op_setup(&run, 1), wrong[i].says);
        check_text(run.error.text, wrong[i].says);
        op_end(&run);
    }
}

/* Few signals in long rows: most of what lies between them is passed by many at a time.
 */
static void
the_range_of_a_signal_holds_all_of_it_and_no_more(void)
{
    enum { MAPS = 6, PLACES = 331 };
    OpRun random = {.random = 5};
    float dy[MAPS * PLACES];
    for (int round = 0; round < 500; round++) {
        memset(dy, 0, sizeof dy);
        for (int i = 0; i < round % 4; i++) {
            float at = (op_random(&random) + 1) / 2 * (MAPS * PLACES - 1);
            dy[(size_t)at] = 1;
        }
        size_t maps[2] = {round % 3, MAPS - round % 2}, wanted_maps[2] = {MAPS, 0};
        size_t places[2] = {round % 70, PLACES - round % 90},
               wanted_places[2] = {PLACES, 0};
        bool some = false;
        for (size_t m = maps[0]; m < maps[1]; m++)
            for (size_t i = places[0]; i < places[1]; i++) {
                if (dy[m * PLACES + i] == 0)
                    continue;
                some = true;
                wanted_maps[0] = m < wanted_maps[0] ? m : wanted_maps[0];
                wanted_maps[1] = m + 1;
                wanted_places[0] = i < wanted_places[0] ? i : wanted_places[0];
                wanted_places[1] = i + 1 > wanted_places[1] ? i + 1 : wanted_places[1];
            }
        bool found = dcn_signal_range(dy, PLACES, maps, places);
        check(found == some, "whether there is a signal");
        if (some && (memcmp(maps, wanted_maps, sizeof maps) != 0 ||
                     memcmp(places, wanted_places, sizeof places) != 0))
            check_fail("round %d: maps %zu to %zu, places %zu to %zu", round, maps[0],
                       maps[1], places[0], places[1]);
    }
}

/* One element, moved half a row down and two columns to the right, or off the image. */
static void
bent_windows_look_where_offsets_say(void)
{
    static const float x[] = {1, 2, 3, 4, 5, 6}; /* two rows */
    OpRun run;
    op_begin(&run, "DeformConv", 19);
    op_input(&run, 4, (int64_t[]){1, 1, 2, 3}, x);
    op_weight(&run, 4, (int64_t[]){1, 1, 1, 1}, (float[]){10});
    op_input(&run, 4, (int64_t[]){1, 2, 2, 3},
             (float[]){0, 0.5F, 0, -0.5F, 1, -9, 0, 0, -1.5F, 0, 1e30F, NAN});
    op_weight(&run, 1, (int64_t[]){1}, (float[]){1});
    op_input(&run, 4, (int64_t[]){1, 1, 2, 3}, (float[]){1, 1, 2, 1, 1, 1});
    if (check(op_setup(&run, 1), run.error.text)) {
        op_forward(&run);
        /* 1; (2 + 5) / 2; (1 + 2) / 2, doubled; (1 + 4) / 2; outside */
        check_floats(run.out[0].data, (float[]){11, 36, 31, 26, 1, 1}, 6, 1e-5);
    }
    op_end(&run);
    op_begin(&run, "DeformConv", 19);
    op_input(&run, 4, (int64_t[]){1, 2, 4, 4}, NULL);
    op_weight(&run, 4, (int64_t[]){1, 2, 2, 2}, NULL);
    op_input(&run, 4, (int64_t[]){1, 8, 3, 4}, NULL);
    check(!op_setup(&run, 1), "offsets of another size");
    check_text(run.error.text, "offsets are 1x8x3x4 where 1x8x3x3 are needed");
    op_end(&run);
}

CHECK_MAIN(CHECK_TEST(conv_projects_a_seed_through_its_kernel),
           CHECK_TEST(conv_is_its_definition_forward_and_back),
           CHECK_TEST(large_convolutions_are_their_definition),
           CHECK_TEST(convtranspose_is_the_transposed_map),
           CHECK_TEST(a_rectifier_can_be_fused),
           CHECK_TEST(the_range_of_a_signal_holds_all_of_it_and_no_more),
           CHECK_TEST(what_does_not_fit_is_refused_by_name),
           CHECK_TEST(bent_windows_look_where_offsets_say))
