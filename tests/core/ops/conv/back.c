/* SPDX-License-Identifier: GPL-3.0-or-later */
/* back.c: the ways back of a convolution in a trainer, against the plain sums.
 *
 *     x -> 1x1 Conv, the identity -> + m -> the convolution -> MatMul -> z
 *
 * m has a number for each place of the convolution's image, so its gradient is what comes
 * back, summed over the images. The signal dy follows from z. A second user of the image,
 * which adds nothing, makes the trainer add instead of write, and take other ways: it
 * stands before the convolution or behind it. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "ops/conv/way.h"
#include "trainer.h"
#include <float.h>
#include <stdlib.h>

#define CLASSES 3

typedef enum { ALONE, USED_BEFORE, USED_BEHIND, USERS } Users;

typedef struct {
    gint64 channels, maps, groups, batch;
    gint64 in[2], kernel[2], stride[2], dilation[2], begin[2], end[2];
    gint64 out[2]; /* to be filled */
} Case;

typedef struct {
    NewModel *net;
    DcnModel *model;
    DcnContext *context;
    DcnTrainer *trainer;
    float *w, *head;
} Fixture;

static char *
print_case(const Case *c)
{
    return g_strdup_printf(
        "%d images of %dx%dx%d, %d maps in %d groups, kernel %dx%d, stride %d %d, "
        "dilation %d %d, pads %d %d %d %d",
        (int)c->batch, (int)c->channels, (int)c->in[0], (int)c->in[1], (int)c->maps,
        (int)c->groups, (int)c->kernel[0], (int)c->kernel[1], (int)c->stride[0],
        (int)c->stride[1], (int)c->dilation[0], (int)c->dilation[1], (int)c->begin[0],
        (int)c->begin[1], (int)c->end[0], (int)c->end[1]);
}

/* False: the kernel is larger than the padded image. */
static bool
fill_out(Case *c)
{
    for (int a = 0; a < 2; a++) {
        gint64 room = c->in[a] + c->begin[a] + c->end[a] -
                      ((c->kernel[a] - 1) * c->dilation[a] + 1);
        if (room < 0)
            return false;
        c->out[a] = room / c->stride[a] + 1;
    }
    return true;
}

static size_t
image_count(const Case *c)
{
    return (size_t)(c->channels * c->in[0] * c->in[1]);
}

static size_t
map_count(const Case *c)
{
    return (size_t)(c->maps * c->out[0] * c->out[1]);
}

static size_t
weight_count(const Case *c)
{
    return (size_t)(c->maps * c->channels / c->groups * c->kernel[0] * c->kernel[1]);
}

/* --- the net --- */

static float *
noise(size_t count, float size, guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    float *values = g_new(float, count + 1);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)g_rand_double_range(random, -1, 1) * size;
    return values;
}

/* A tensor of given axes, four of them. */
static void
tensor(NewModel *net, const char *name, const float *values, const gint64 dims[4])
{
    g_autofree char *shape = g_strdup_printf("%d,%d,%d,%d", (int)dims[0], (int)dims[1],
                                             (int)dims[2], (int)dims[3]);
    new_floats(net, name, shape, values);
}

static void
identity(NewModel *net, const Case *c)
{
    g_autofree float *ones = g_new(float, c->channels);
    g_autofree char *group = g_strdup_printf("group=%d", (int)c->channels);
    for (gint64 i = 0; i < c->channels; i++)
        ones[i] = 1;
    tensor(net, "ones", ones, (gint64[]){c->channels, 1, 1, 1});
    new_node(net, "Conv", "", "x;ones", "same", group);
}

/* The second user: z += 0 * image. */
static void
use_again(NewModel *net, const Case *c)
{
    g_autofree float *zeroes = g_new0(float, image_count(c) * CLASSES);
    g_autofree char *shape = g_strdup_printf("%zu,%d", image_count(c), CLASSES);
    new_floats(net, "zeroes", shape, zeroes);
    new_node(net, "Reshape", "", "image;row", "again", "");
    new_node(net, "MatMul", "", "again;zeroes", "nothing", "");
}

static void
start(Fixture *f, const Case *c, Users users, int threads)
{
    DcnError error = {0};
    *f = (Fixture){.net = new_model(13)};
    g_autofree char *input =
        g_strdup_printf("-1,%d,%d,%d", (int)c->channels, (int)c->in[0], (int)c->in[1]);
    g_autofree char *attributes = g_strdup_printf(
        "group=%d;strides=%d,%d;dilations=%d,%d;pads=%d,%d,%d,%d", (int)c->groups,
        (int)c->stride[0], (int)c->stride[1], (int)c->dilation[0], (int)c->dilation[1],
        (int)c->begin[0], (int)c->begin[1], (int)c->end[0], (int)c->end[1]);
    g_autofree char *head = g_strdup_printf("%zu,%d", map_count(c), CLASSES);
    g_autofree char *maps = g_strdup_printf("%d", (int)c->maps);
    g_autofree float *m = noise(image_count(c), 1, 2),
                     *bias = noise((size_t)c->maps, 1, 3);
    f->w = noise(weight_count(c), 1, 4);
    f->head =
        noise(map_count(c) * CLASSES,
              2 / sqrtf((float)(map_count(c) * weight_count(c) / (size_t)c->maps)), 5);
    new_input(f->net, "x", input);
    tensor(f->net, "m", m, (gint64[]){1, c->channels, c->in[0], c->in[1]});
    tensor(f->net, "w", f->w,
           (gint64[]){c->maps, c->channels / c->groups, c->kernel[0], c->kernel[1]});
    new_floats(f->net, "bias", maps, bias);
    new_floats(f->net, "head", head, f->head);
    new_ints(f->net, "row", "1,-1");
    identity(f->net, c);
    new_node(f->net, "Add", "", "same;m", "image", "");
    if (users == USED_BEFORE)
        use_again(f->net, c);
    new_node(f->net, "Conv", "", "image;w;bias", "maps", attributes);
    if (users == USED_BEHIND)
        use_again(f->net, c);
    new_node(f->net, "Reshape", "", "maps;row", "flat", "");
    new_node(f->net, "MatMul", "", "flat;head", "own", "");
    new_node(f->net, "Sum", "", users == ALONE ? "own" : "own;nothing", "z", "");
    new_output(f->net, "z");
    f->model = new_model_open(f->net, &error);
    f->context = dcn_context_new(threads, &error);
    if (f->model && f->context)
        f->trainer =
            dcn_trainer_new(f->model, f->context,
                            &(DcnTrainerOptions){.batch = (size_t)c->batch}, &error);
    if (!f->trainer)
        check_fail("%s", error.text);
}

static void
end(Fixture *f)
{
    dcn_trainer_free(f->trainer);
    dcn_context_free(f->context);
    dcn_model_free(f->model);
    new_model_free(f->net);
    g_free(f->w);
    g_free(f->head);
}

static const DcnParameter *
parameter(const Fixture *f, const char *name)
{
    for (size_t i = 0; i < dcn_trainer_parameter_count(f->trainer); i++)
        if (strcmp(dcn_trainer_parameter(f->trainer, i)->name, name) == 0)
            return dcn_trainer_parameter(f->trainer, i);
    check_fail("%s is not learned", name);
    return NULL;
}

/* --- the plain sums --- */

typedef struct {
    double *value, *size; /* sums, and sums of absolute terms */
    size_t count;
} Sums;

static Sums
sums_of(size_t count)
{
    return (Sums){g_new0(double, count), g_new0(double, count), count};
}

static void
add(const Sums *sums, size_t index, double term)
{
    sums->value[index] += term;
    sums->size[index] += fabs(term);
}

static void
check_sums(const Sums *sums, const DcnParameter *p, const char *text, double rounding)
{
    double most = 0;
    for (size_t i = 0; i < sums->count; i++)
        most = fmax(most, sums->size[i]);
    for (size_t i = 0; p && i < sums->count; i++)
        if (!(fabs((double)p->gradient[i] - sums->value[i]) <= rounding * most)) {
            check_fail("%s: gradient of %s[%zu] is %.8g, should be %.8g (bound %.2g)",
                       text, p->name, i, (double)p->gradient[i], sums->value[i],
                       rounding * most);
            break;
        }
    g_free(sums->value);
    g_free(sums->size);
}

/* dL/dy of one image; z and t are its scores and targets. */
static double *
signal_of(const Fixture *f, const Case *c, const float *z, const float *t)
{
    double *dy = g_new(double, map_count(c)), p[CLASSES], sum = 0;
    for (int k = 0; k < CLASSES; k++)
        sum += p[k] = exp((double)z[k]);
    for (size_t i = 0; i < map_count(c); i++) {
        dy[i] = 0;
        for (int k = 0; k < CLASSES; k++)
            dy[i] += (double)f->head[i * CLASSES + (size_t)k] *
                     (p[k] / sum - (double)t[k]) / (double)c->batch;
    }
    return dy;
}

/* One image's part of all gradients. */
static void
add_image(const Fixture *f,
          const Case *c,
          const float *x,
          const double *dy,
          const Sums *dx,
          const Sums *dw,
          const Sums *db)
{
    gint64 channels = c->channels / c->groups, maps = c->maps / c->groups;
    for (gint64 m = 0; m < c->maps; m++)
        for (gint64 y = 0; y < c->out[0]; y++)
            for (gint64 o = 0; o < c->out[1]; o++) {
                double signal = dy[(m * c->out[0] + y) * c->out[1] + o];
                add(db, (size_t)m, signal);
                for (gint64 k = 0; k < channels * c->kernel[0] * c->kernel[1]; k++) {
                    gint64 kx = k % c->kernel[1], ky = k / c->kernel[1] % c->kernel[0];
                    gint64 channel =
                        k / c->kernel[1] / c->kernel[0] + m / maps * channels;
                    gint64 iy = y * c->stride[0] - c->begin[0] + ky * c->dilation[0];
                    gint64 ix = o * c->stride[1] - c->begin[1] + kx * c->dilation[1];
                    if (iy < 0 || iy >= c->in[0] || ix < 0 || ix >= c->in[1])
                        continue;
                    size_t at = (size_t)((channel * c->in[0] + iy) * c->in[1] + ix);
                    size_t weight =
                        (size_t)(m * channels * c->kernel[0] * c->kernel[1] + k);
                    add(dx, at, signal * (double)f->w[weight]);
                    add(dw, weight, signal * (double)x[at]);
                }
            }
}

static void
try_users(const Case *c, Users users, int threads, double rounding)
{
    static const char *const words[] = {"alone", "used before", "used behind"};
    Fixture f;
    DcnError error = {0};
    start(&f, c, users, threads);
    if (f.trainer) {
        size_t count = image_count(c), batch = (size_t)c->batch;
        g_autofree float *x = noise(batch * count, 1, 6), *m = noise(count, 1, 2);
        g_autofree char *shape = print_case(c);
        g_autofree char *text = g_strdup_printf("%s, %s", shape, words[users]);
        float *t = dcn_trainer_targets(f.trainer);
        for (size_t i = 0; i < batch * CLASSES; i++)
            t[i] = i % CLASSES == i / CLASSES % CLASSES;
        memcpy(dcn_trainer_input(f.trainer), x, batch * count * sizeof *x);
        for (size_t i = 0; i < batch * count; i++)
            x[i] += m[i % count];
        /* Twice: nothing of a first pass may be left in a second. */
        for (int pass = 0; pass < 2; pass++)
            check(dcn_trainer_run(f.trainer, false, NULL, &error), error.text);
        Sums dx = sums_of(count), dw = sums_of(weight_count(c)),
             db = sums_of((size_t)c->maps);
        for (size_t n = 0; n < batch; n++) {
            const float *z = dcn_trainer_scores(f.trainer) + n * CLASSES;
            g_autofree double *dy = signal_of(&f, c, z, t + n * CLASSES);
            add_image(&f, c, x + n * count, dy, &dx, &dw, &db);
        }
        check_sums(&dx, parameter(&f, "m"), text, rounding);
        check_sums(&dw, parameter(&f, "w"), text, rounding);
        check_sums(&db, parameter(&f, "bias"), text, rounding);
    }
    end(&f);
}

/* TRUE if the way back is computed as a convolution. */
static bool
is_turned(const Case *c)
{
    DcnConv2d conv = {.groups = (size_t)c->groups,
                      .channels = (size_t)c->channels,
                      .maps = (size_t)c->maps};
    DcnWindow *w = &conv.window;
    w->axes = 2;
    w->kernel[0] = w->stride[0] = w->dilation[0] = w->in[0] = w->out[0] = 1;
    for (int a = 0; a < 2; a++) {
        w->kernel[a + 1] = c->kernel[a];
        w->stride[a + 1] = c->stride[a];
        w->dilation[a + 1] = c->dilation[a];
        w->begin[a + 1] = c->begin[a];
        w->end[a + 1] = c->end[a];
        w->in[a + 1] = c->in[a];
        w->out[a + 1] = c->out[a];
    }
    const DcnConvWay *const *ways = dcn_conv_ways(DCN_CONV_BACK);
    while (*ways && !(*ways)->fits(&conv))
        ways++;
    return strcmp((*ways)->name, "turned") == 0;
}

/* --- the tests --- */

static Case
random_case(GRand *random)
{
    Case c = {.batch = g_rand_int_range(random, 1, 4)};
    int kind = g_rand_int_range(random, 0, 4); /* 0: depthwise, 1: grouped */
    bool plain = g_rand_boolean(random);
    c.groups = kind < 2 ? g_rand_int_range(random, 1, 5) : 1;
    c.channels = c.groups * (kind == 0 ? 1 : g_rand_int_range(random, 1, 8));
    c.maps = c.groups * g_rand_int_range(random, 1, kind == 0 ? 3 : 9);
    for (int a = 0; a < 2; a++) {
        c.in[a] = g_rand_int_range(random, 1, 14);
        c.kernel[a] = g_rand_int_range(random, 1, 6);
        c.stride[a] = plain ? 1 : g_rand_int_range(random, 1, 4);
        c.dilation[a] = g_rand_int_range(random, 0, 3) ? 1 : 2;
        int most = (int)((c.kernel[a] - 1) * c.dilation[a]) + 1;
        if (g_rand_int_range(random, 0, 4) == 0)
            most += 3; /* more than the turned convolution can */
        c.begin[a] = g_rand_int_range(random, 0, most);
        c.end[a] = g_rand_int_range(random, 0, most);
    }
    return c;
}

static void
any_convolution_comes_back_as_the_plain_sums_say(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(20);
    int tried = 0, turned = 0;
    while (tried < 150) {
        Case c = random_case(random);
        if (!fill_out(&c))
            continue;
        for (Users users = ALONE; users < USERS; users++)
            try_users(&c, users, 1 + tried % 2, 8 * (double)FLT_EPSILON);
        turned += is_turned(&c);
        tried++;
    }
    printf("# %d of %d come back as a convolution\n", turned, tried);
    check(turned > 30 && turned < tried - 30, "both ways are tried");
}

/* Channels and places enough for the packed kernel's whole blocks, for Winograd's
 * algorithm forward, back and in the weights, and just not. */
static void
wide_convolutions_come_back_as_the_plain_sums_say(void)
{
    static const Case cases[] = {
        {20, 24, 1, 3, {15, 13}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {0}},
        {64, 48, 1, 2, {23, 21}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {0}},
        {48, 64, 1, 1, {30, 31}, {3, 3}, {1, 1}, {1, 1}, {0, 2}, {1, 0}, {0}},
        {33, 40, 1, 4, {12, 17}, {3, 3}, {1, 1}, {1, 1}, {0, 0}, {0, 0}, {0}},
        {40, 33, 1, 3, {14, 14}, {3, 3}, {1, 1}, {1, 1}, {2, 2}, {2, 2}, {0}},
        {32, 32, 1, 2, {19, 18}, {3, 3}, {1, 1}, {1, 1}, {3, 0}, {1, 4}, {0}},
        {32, 16, 1, 2, {16, 16}, {3, 3}, {2, 2}, {1, 1}, {1, 1}, {1, 1}, {0}},
        {32, 32, 2, 2, {16, 18}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {0}},
        {32, 24, 1, 2, {16, 18}, {3, 3}, {1, 1}, {2, 2}, {2, 2}, {2, 2}, {0}},
        {35, 41, 1, 3, {11, 9}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}, {0}},
        {35, 41, 1, 2, {11, 9}, {1, 1}, {2, 2}, {1, 1}, {0, 0}, {0, 0}, {0}},
        {17, 19, 1, 2, {18, 20}, {5, 5}, {1, 1}, {1, 1}, {2, 2}, {2, 2}, {0}},
        {16, 24, 1, 2, {18, 20}, {1, 7}, {1, 1}, {1, 1}, {0, 3}, {0, 3}, {0}},
        {16, 24, 1, 2, {18, 20}, {7, 1}, {1, 1}, {1, 1}, {3, 0}, {3, 0}, {0}},
        {3, 32, 1, 2, {37, 35}, {7, 7}, {2, 2}, {1, 1}, {3, 3}, {3, 3}, {0}},
        {24, 24, 24, 2, {17, 19}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {0}},
        {24, 24, 24, 2, {17, 19}, {3, 3}, {2, 2}, {1, 1}, {1, 1}, {1, 1}, {0}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Case c = cases[i];
        if (!check(fill_out(&c), "the case fits"))
            continue;
        /* Its transforms multiply by up to 8 and divide by up to 24, so Winograd's
         * algorithm rounds a few times more. */
        bool winograd = c.kernel[0] == 3 && c.kernel[1] == 3 && c.stride[0] == 1 &&
                        c.dilation[0] == 1 && c.groups == 1;
        double rounding = (winograd ? 48 : 8) * (double)FLT_EPSILON;
        for (Users users = ALONE; users < USERS; users++)
            try_users(&c, users, 1, rounding);
        try_users(&c, ALONE, 3, rounding);
    }
}

static void
pads_wider_than_the_kernel_do_not_come_back_as_a_convolution(void)
{
    Case c = {4, 4, 1, 1, {6, 6}, {3, 3}, {1, 1}, {1, 1}, {2, 2}, {2, 2}, {0}};
    check(fill_out(&c) && is_turned(&c), "pads of two come back so");
    c.begin[1] = 3;
    check(fill_out(&c) && !is_turned(&c), "three do not");
    c.begin[1] = 2;
    c.end[0] = 3;
    check(fill_out(&c) && !is_turned(&c), "nor three at the end");
    c.end[0] = 2;
    c.stride[0] = 2;
    check(fill_out(&c) && !is_turned(&c), "nor strides");
}

CHECK_MAIN(CHECK_TEST(pads_wider_than_the_kernel_do_not_come_back_as_a_convolution),
           CHECK_TEST(any_convolution_comes_back_as_the_plain_sums_say),
           CHECK_TEST(wide_convolutions_come_back_as_the_plain_sums_say))
