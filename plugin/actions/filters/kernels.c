/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernels.c: the kernels of a convolution, and which of them are dead. */

#include "actions/filters/kernels.h"
#include "base/fail.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- weights --- */

static float
half_to_float(guint16 half)
{
    int exponent = half >> 10 & 31;
    float fraction = (float)(half & 1023);
    float value = exponent == 0    ? ldexpf(fraction, -24)
                  : exponent == 31 ? (fraction > 0 ? NAN : INFINITY)
                                   : ldexpf(1024 + fraction, exponent - 25);
    return half & 0x8000 ? -value : value;
}

/* The weights lie in the mapped file and may be unaligned. */
static gboolean
copy_weights(const DcnTensor *from, gsize count, float *to)
{
    const char *bytes = from->data;
    for (gsize i = 0; i < count; i++) {
        guint16 half;
        guint32 bits;
        double wide;
        switch (from->type) {
        case DCN_FLOAT:
            memcpy(&to[i], bytes + i * sizeof *to, sizeof *to);
            break;
        case DCN_DOUBLE:
            memcpy(&wide, bytes + i * sizeof wide, sizeof wide);
            to[i] = (float)wide;
            break;
        case DCN_FLOAT16:
            memcpy(&half, bytes + i * sizeof half, sizeof half);
            to[i] = half_to_float(half);
            break;
        case DCN_BFLOAT16:
            memcpy(&half, bytes + i * sizeof half, sizeof half);
            bits = (guint32)half << 16;
            memcpy(&to[i], &bits, sizeof bits);
            break;
        default:
            return FALSE;
        }
    }
    return TRUE;
}

static void
measure(Kernel *kernel, const float *weights, gsize count)
{
    double sum = 0, squares = 0, spread = 0;
    for (gsize i = 0; i < count; i++) {
        sum += (double)weights[i];
        squares += (double)weights[i] * (double)weights[i];
    }
    double mean = sum / (double)count;
    for (gsize i = 0; i < count; i++)
        spread += ((double)weights[i] - mean) * ((double)weights[i] - mean);
    *kernel = (Kernel){.contrast = sqrt(spread / (double)count),
                       .norm = sqrt(squares),
                       .fires = -1,
                       .fires_images = -1};
}

static int
compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double
median(const Kernels *kernels)
{
    double *sorted = g_new(double, kernels->count);
    for (gsize i = 0; i < kernels->count; i++)
        sorted[i] = kernels->kernels[i].contrast;
    qsort(sorted, kernels->count, sizeof *sorted, compare_doubles);
    gsize half = kernels->count / 2;
    double middle =
        kernels->count % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    g_free(sorted);
    return middle;
}

gboolean
kernels_open(Kernels *kernels, Net *net, const char *layer, GError **error)
{
    DcnKernels found;
    *kernels = (Kernels){.net = net};
    if (!net_convolution(net, layer, &kernels->layer, &found, error))
        return FALSE;
    const DcnShape *shape = &found.weights.shape;
    kernels->answer = g_strdup(dcn_plan_name(net->survey, found.answer));
    kernels->count = (gsize)shape->dim[0];
    kernels->inputs = (gsize)shape->dim[1];
    kernels->height = (gsize)shape->dim[2];
    kernels->width = (gsize)shape->dim[3];
    kernels->channels = (gsize)found.channels;
    kernels->groups = (gsize)found.groups;
    gsize size = kernels->inputs * kernels->height * kernels->width;
    kernels->weights = g_try_new(float, kernels->count *size);
    gboolean ok = kernels->weights ||
                  fail_run(error, _("There is not enough memory for the kernels."));
    ok = ok &&
         (copy_weights(&found.weights, kernels->count * size, kernels->weights) ||
          fail_input(error, _("The kernels of “%s” are not floating-point numbers."),
                     kernels->layer.shown)) &&
         net_steady(net, error);
    if (!ok) {
        kernels_clear(kernels);
        return FALSE;
    }
    kernels->kernels = g_new0(Kernel, kernels->count);
    for (gsize i = 0; i < kernels->count; i++)
        measure(&kernels->kernels[i], kernels->weights + i * size, size);
    kernels->median = median(kernels);
    return TRUE;
}

void
kernels_clear(Kernels *kernels)
{
    net_layer_clear(&kernels->layer);
    g_free(kernels->answer);
    g_free(kernels->weights);
    g_free(kernels->kernels);
    *kernels = (Kernels){0};
}

/* --- answers --- */

typedef struct {
    Kernels *kernels;
    const Folder *folder;
    gsize units;
    guint64 *positions, *images; /* where each fires */
    GPtrArray *skipped;
} Asking;

static gboolean
take(void *user, const BatchImage *image, GError **error)
{
    Asking *asking = user;
    Kernels *kernels = asking->kernels;
    const DcnMaps *maps = &image->maps;
    if (maps->maps != kernels->count)
        return fail_run(error, _("“%s” has %zu maps, its convolution %zu kernels."),
                        kernels->answer, maps->maps, kernels->count);
    asking->units = maps->height * maps->width;
    kernels->images++;
    for (gsize c = 0; c < maps->maps; c++) {
        const float *map = image->values + maps->first + c * maps->map_stride;
        guint64 fires = 0;
        for (gsize i = 0; i < asking->units; i++)
            fires += map[i * maps->place_stride] > 0;
        asking->positions[c] += fires;
        asking->images[c] += fires > 0;
    }
    return TRUE;
}

static void
skip(void *user, gsize file, const GError *why)
{
    Asking *asking = user;
    folder_skip(asking->folder, file, why, asking->skipped);
}

static Asking
asking_new(Kernels *kernels, const Folder *folder)
{
    kernels->images = 0;
    return (Asking){kernels,
                    folder,
                    0,
                    g_new0(guint64, kernels->count),
                    g_new0(guint64, kernels->count),
                    g_ptr_array_new_with_free_func(g_free)};
}

static void
asking_finish(Asking *asking, gboolean ok)
{
    Kernels *kernels = asking->kernels;
    double images = (double)kernels->images, positions = images * (double)asking->units;
    for (gsize c = 0; ok && images > 0 && c < kernels->count; c++) {
        kernels->kernels[c].fires = (double)asking->positions[c] / positions;
        kernels->kernels[c].fires_images = (double)asking->images[c] / images;
    }
    g_free(asking->positions);
    g_free(asking->images);
    g_ptr_array_unref(asking->skipped);
}

gboolean
kernels_ask_folder(
    Kernels *kernels, const Folder *folder, Fit fit, int threads, GError **error)
{
    Asking asking = asking_new(kernels, folder);
    Busy busy = {.text = _("Asking the kernels: image"),
                 .count = folder->count,
                 .rate = TRUE,
                 .from = 0.05,
                 .to = 0.9};
    gsize *files = g_new(gsize, folder->count);
    for (gsize i = 0; i < folder->count; i++)
        files[i] = i;
    Batches batches = {.net = kernels->net,
                       .tensor = kernels->answer,
                       .fit = fit,
                       .threads = threads,
                       .folder = folder,
                       .files = files,
                       .count = folder->count,
                       .busy = &busy,
                       .take = take,
                       .skip = skip,
                       .user = &asking};
    gboolean ok = batches_run(&batches, error);
    if (ok)
        folder_tell_skipped(asking.skipped);
    if (ok && !kernels->images)
        ok = fail_input(error, _("No file of the folder “%s” is a picture."),
                        folder->path);
    asking_finish(&asking, ok);
    g_free(files);
    return ok;
}

gboolean
kernels_ask_photo(Kernels *kernels, const Seen *seen, int threads, GError **error)
{
    Asking asking = asking_new(kernels, NULL);
    Batches batches = {.net = kernels->net,
                       .tensor = kernels->answer,
                       .threads = threads,
                       .take = take,
                       .user = &asking};
    gboolean ok = batches_run_one(&batches, seen, error);
    asking_finish(&asking, ok);
    return ok;
}

/* --- verdict --- */

void
kernels_judge(Kernels *kernels, double contrast, gboolean asked, double fires)
{
    for (gsize i = 0; i < kernels->count; i++) {
        Kernel *kernel = &kernels->kernels[i];
        /* With a median of zero no contrast lies below it, but kernels of contrast zero
         * are flat. */
        kernel->flat =
            kernel->contrast == 0 || kernel->contrast < contrast * kernels->median;
        kernel->silent = asked && kernel->fires <= fires;
    }
}

GArray *
kernels_dead(const Kernels *kernels)
{
    GArray *dead = g_array_new(FALSE, FALSE, sizeof(gsize));
    for (gsize i = 0; i < kernels->count; i++)
        if (kernels->kernels[i].flat || kernels->kernels[i].silent)
            g_array_append_val(dead, i);
    return dead;
}
