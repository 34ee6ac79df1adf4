/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_train.c: measures how many images a second the default architecture is trained
 * on.
 *
 *     bench_train [--side 64] [--batch 128] [--threads 2] [--steps 12]
 *
 * The net is that of models/recipes/pretrain.ini with 200 classes and random weights.
 * Pictures are seeded noise that is made before, so nothing is decoded or augmented. A
 * step is forward, back and the change of the weights. Prints "images_s X" for the median
 * step and "best_s Y" for the quickest. */
#include "edit.h"
#include "trainer.h"
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define CLASSES 200

static int side = 64, batch = 128, threads = 2, steps = 12;

static const GOptionEntry entries[] = {
    {"side", 0, 0, G_OPTION_ARG_INT, &side, "side of the pictures", "N"},
    {"batch", 0, 0, G_OPTION_ARG_INT, &batch, "pictures a step", "N"},
    {"threads", 0, 0, G_OPTION_ARG_INT, &threads, "threads", "N"},
    {"steps", 0, 0, G_OPTION_ARG_INT, &steps, "steps; the median is printed", "N"},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* Convolution, BatchNormalization and rectifier; pool: 3 x 3, stride 2, behind them. */
static const struct {
    int64_t maps, kernel, stride;
    bool pool;
} layers[] = {
    {48, 7, 2, true},  {96, 3, 1, false},  {96, 3, 1, true},   {160, 3, 1, false},
    {160, 3, 1, true}, {256, 3, 1, false}, {256, 3, 1, false},
};

static DcnError error;

static void
must(bool good)
{
    if (good)
        return;
    fprintf(stderr, "bench_train: %s\n", error.text);
    exit(1);
}

/* Uniform noise of that deviation around a mean. */
static void
add_weights(DcnModel *model,
            const char *name,
            const DcnShape *shape,
            double mean,
            double deviation,
            GRand *random)
{
    size_t count = 1;
    for (int i = 0; i < shape->rank; i++)
        count *= (size_t)shape->dim[i];
    float *values = g_new(float, count);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)(mean + deviation * sqrt(12) * (g_rand_double(random) - 0.5));
    must(dcn_model_set_weights(model, name, shape, values, &error));
    g_free(values);
}

static void
add_node(DcnModel *model,
         const char *type,
         const char *output,
         const char *const *inputs,
         size_t n_inputs,
         int64_t kernel,
         int64_t stride)
{
    int64_t size[2] = {kernel, kernel}, step[2] = {stride, stride};
    int64_t pads[4] = {kernel / 2, kernel / 2, kernel / 2, kernel / 2};
    DcnNodeAttribute window[3] = {
        {.name = "kernel_shape", .list = true, .ints = size, .n_ints = 2},
        {.name = "strides", .list = true, .ints = step, .n_ints = 2},
        {.name = "pads", .list = true, .ints = pads, .n_ints = 4},
    };
    must(dcn_model_add_node(model, type, output, inputs, n_inputs, window,
                            kernel > 0 ? 3 : 0, &error));
}

/* Returns the channels of the last layer; last becomes its name. */
static int64_t
add_layers(DcnModel *model, char last[64], GRand *random)
{
    static const char *const parts[] = {"scale", "bias", "mean", "variance"};
    int64_t channels = 3;
    for (size_t i = 0; i < G_N_ELEMENTS(layers); i++) {
        int64_t maps = layers[i].maps, kernel = layers[i].kernel;
        char name[8][64];
        for (int k = 0; k < 4; k++) {
            g_snprintf(name[k], sizeof name[k], "norm%zu.%s", i, parts[k]);
            add_weights(model, name[k], &(DcnShape){1, {maps}}, k == 0 || k == 3, 0,
                        random);
        }
        g_snprintf(name[4], sizeof name[4], "conv%zu.weight", i);
        g_snprintf(name[5], sizeof name[5], "conv%zu", i);
        g_snprintf(name[6], sizeof name[6], "norm%zu", i);
        g_snprintf(name[7], sizeof name[7], "relu%zu", i);
        add_weights(model, name[4], &(DcnShape){4, {maps, channels, kernel, kernel}}, 0,
                    sqrt(2 / (double)(channels * kernel * kernel)), random);
        add_node(model, "Conv", name[5], (const char *[]){last, name[4]}, 2, kernel,
                 layers[i].stride);
        add_node(model, "BatchNormalization", name[6],
                 (const char *[]){name[5], name[0], name[1], name[2], name[3]}, 5, 0, 0);
        add_node(model, "Relu", name[7], (const char *[]){name[6]}, 1, 0, 0);
        g_strlcpy(last, name[7], 64);
        if (layers[i].pool) {
            g_snprintf(last, 64, "pool%zu", i);
            add_node(model, "MaxPool", last, (const char *[]){name[7]}, 1, 3, 2);
        }
        channels = maps;
    }
    return channels;
}

static DcnModel *
new_model(GRand *random)
{
    DcnModel *model = dcn_model_new(&error);
    must(model);
    char last[64] = "image";
    must(dcn_model_add_input(model, last, &(DcnShape){4, {-1, 3, side, side}}, &error));
    int64_t channels = add_layers(model, last, random), one = 1;
    add_node(model, "GlobalAveragePool", "average", (const char *[]){last}, 1, 0, 0);
    add_node(model, "Flatten", "features", (const char *[]){"average"}, 1, 0, 0);
    add_weights(model, "score.weight", &(DcnShape){2, {CLASSES, channels}}, 0, 0.01,
                random);
    add_weights(model, "score.bias", &(DcnShape){1, {CLASSES}}, 0, 0, random);
    DcnNodeAttribute turned = {.name = "transB", .ints = &one, .n_ints = 1};
    must(dcn_model_add_node(model, "Gemm", "score",
                            (const char *[]){"features", "score.weight", "score.bias"}, 3,
                            &turned, 1, &error));
    add_node(model, "Softmax", "probability", (const char *[]){"score"}, 1, 0, 0);
    must(dcn_model_add_output(model, "probability", &error));
    return model;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
    GOptionContext *options = g_option_context_new(NULL);
    GError *wrong = NULL;
    g_option_context_add_main_entries(options, entries, NULL);
    if (!g_option_context_parse(options, &argc, &argv, &wrong) || side < 8 || batch < 1 ||
        steps < 1) {
        fprintf(stderr, "bench_train: %s\n", wrong ? wrong->message : "too small");
        return 2;
    }
    g_option_context_free(options);
    GRand *random = g_rand_new_with_seed(1);
    DcnModel *model = new_model(random);
    DcnContext *context = dcn_context_new(threads, &error);
    must(context);
    DcnTrainer *trainer = dcn_trainer_new(
        model, context,
        &(DcnTrainerOptions){.batch = (size_t)batch, .height = side, .width = side},
        &error);
    must(trainer);
    float *input = dcn_trainer_input(trainer), *targets = dcn_trainer_targets(trainer);
    for (size_t i = 0; i < (size_t)batch * 3 * (size_t)side * (size_t)side; i++)
        input[i] = (float)(2 * g_rand_double(random) - 1);
    for (size_t i = 0; i < (size_t)batch; i++)
        targets[i * CLASSES + i % CLASSES] = 1;
    DcnSgd sgd = {.rate = 0.05F, .momentum = 0.9F, .decay = 5e-4F, .nesterov = true};
    double *seconds = g_new(double, steps), loss;
    for (int i = -1; i < steps; i++) { /* the first one touches its memory */
        gint64 begun = g_get_monotonic_time();
        must(dcn_trainer_run(trainer, true, &loss, &error));
        dcn_trainer_step(trainer, &sgd);
        if (i >= 0)
            seconds[i] = (double)(g_get_monotonic_time() - begun) * 1e-6;
    }
    qsort(seconds, (size_t)steps, sizeof *seconds, compare);
    printf("images_s %.1f best_s %.1f\n", batch / seconds[steps / 2], batch / seconds[0]);
    g_free(seconds);
    g_rand_free(random);
    dcn_trainer_free(trainer);
    dcn_context_free(context);
    dcn_model_free(model);
    return 0;
}
