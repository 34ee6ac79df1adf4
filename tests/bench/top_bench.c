/* SPDX-License-Identifier: GPL-3.0-or-later */
/* top_bench.c: measures how long the pass for the strongest nine takes over a folder. It
 * is not a test.
 *
 *     top_bench MODEL FOLDER [ROUNDS [THREADS]]
 *
 * Runs two things by turns: the pass as the procedure does it, from an empty cache; and
 * the least work that it needs, which is decoding the files by GEGL's loaders, beside
 * forward runs of as many pictures in batches of 8, always the folder's first ones.
 * Prints the medians in milliseconds by the clock and of processor time, decoding and
 * runs alone too, and the ratio of the first two. */
#include "actions/top/index.h"
#include "base/procedure.h"
#include "host/host_memory.h"
#include "probe/probe.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define BATCH 8
#define MOST_ROUNDS 99

typedef struct {
    Net *net;
    Probe probe; /* tells of the layer */
    Folder folder;
    int threads;
    char **paths;
    float *inputs; /* of the first batch: with zeros runs would be quicker */
} Bench;

/* --- bare --- */

typedef struct {
    const Bench *bench;
    gsize next, decoded;
    GMutex mutex;
    GCond changed;
} Decoding;

static void *
decode(void *data)
{
    Decoding *decoding = data;
    const Bench *bench = decoding->bench;
    g_mutex_lock(&decoding->mutex);
    while (decoding->next < bench->folder.count) {
        const char *path = bench->paths[decoding->next++];
        g_mutex_unlock(&decoding->mutex);
        gboolean unknown;
        host_pixels_close(host_file_decode(path, &unknown, NULL));
        g_mutex_lock(&decoding->mutex);
        decoding->decoded++;
        g_cond_broadcast(&decoding->changed);
    }
    g_mutex_unlock(&decoding->mutex);
    return NULL;
}

static void
run_bare(const Bench *bench, gboolean decodes, gboolean runs)
{
    Decoding decoding = {.bench = bench};
    GThread **threads = g_new0(GThread *, bench->threads);
    Runner runner;
    RunnerPart part = {.targets = {bench->probe.layer.tensor},
                       .batch = BATCH,
                       .purpose = RUNNER_MANY,
                       .threads = bench->threads};
    g_mutex_init(&decoding.mutex);
    g_cond_init(&decoding.changed);
    for (int i = 0; decodes && i < bench->threads; i++)
        threads[i] = g_thread_new("decode", decode, &decoding);
    if (runs)
        runner_open(&runner, bench->net, &part, NULL);
    for (gsize done = 0; done < bench->folder.count; done += BATCH) {
        gsize wanted = MIN(done + BATCH, bench->folder.count);
        g_mutex_lock(&decoding.mutex);
        while (decodes && decoding.decoded < wanted)
            g_cond_wait(&decoding.changed, &decoding.mutex);
        g_mutex_unlock(&decoding.mutex);
        if (runs) {
            for (gsize i = 0; i < BATCH; i++)
                runner_put(&runner, i, bench->inputs + i * net_input_count(bench->net));
            runner_run(&runner, NULL, NULL);
        }
    }
    for (int i = 0; decodes && i < bench->threads; i++)
        g_thread_join(threads[i]);
    if (runs)
        runner_close(&runner);
    g_cond_clear(&decoding.changed);
    g_mutex_clear(&decoding.mutex);
    g_free(threads);
}

/* --- ours --- */

static void
empty_cache(void)
{
    char *path = g_build_filename(g_get_user_cache_dir(), "featurescope", "top", NULL);
    GDir *folder = g_dir_open(path, 0, NULL);
    for (const char *name; folder && (name = g_dir_read_name(folder));) {
        char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
        g_free(file);
    }
    if (folder)
        g_dir_close(folder);
    g_free(path);
}

static gboolean
run_ours(const Bench *bench)
{
    TopIndex index;
    char *missing;
    GError *error = NULL;
    TopRequest request = {
        .net = bench->net,
        .tensor = bench->probe.layer.tensor,
        .maps = bench->probe.maps,
        .height = bench->probe.height,
        .width = bench->probe.width,
        .folder = &bench->folder,
        .fit = FIT_CROP,
        .threads = bench->threads,
        .part = 1,
        .parts = 1,
        .to = 1,
    };
    if (!top_index_get(&request, &index, &missing, &error)) {
        fprintf(stderr, "top_bench: %s\n", error->message);
        g_error_free(error);
        return FALSE;
    }
    gboolean all = index.computed == bench->folder.count;
    if (!all)
        fprintf(stderr, "top_bench: %zu of %zu files were read: is the cache empty?\n",
                index.computed, bench->folder.count);
    top_index_clear(&index);
    return all;
}

static gboolean
take_inputs(Bench *bench)
{
    gsize count = net_input_count(bench->net);
    GError *error = NULL;
    bench->inputs = g_new0(float, BATCH *count);
    for (gsize i = 0; i < MIN(BATCH, bench->folder.count) && !error; i++) {
        gboolean unknown;
        GeglRectangle item = {0, 0, 0, 0};
        Seen seen;
        HostPixels *pixels = host_file_decode(bench->paths[i], &unknown, &error);
        if (!pixels)
            break;
        host_pixels_size(pixels, &item.width, &item.height);
        if (seen_take(&seen, pixels, &item, NULL, bench->net, FIT_CROP, &error)) {
            memcpy(bench->inputs + i * count, seen.input, count * sizeof(float));
            seen_clear(&seen);
        }
        host_pixels_close(pixels);
    }
    if (error)
        fprintf(stderr, "top_bench: %s\n", error->message);
    return !error;
}

/* --- by turns --- */

enum { BARE, OURS, DECODING, RUNS, KINDS };
static const char *const kinds[KINDS] = {"bare", "ours", "decoding", "runs"};

static double
processor_ms(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return 1e3 * (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static gboolean
run_kind(const Bench *bench, int kind)
{
    if (kind == OURS)
        return run_ours(bench);
    run_bare(bench, kind != RUNS, kind != DECODING);
    return TRUE;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double
median(double *values, int count)
{
    qsort(values, (gsize)count, sizeof *values, compare);
    return values[count / 2];
}

static gboolean
run_rounds(const Bench *bench, int rounds)
{
    double clock[KINDS][MOST_ROUNDS], processor[KINDS][MOST_ROUNDS], middle[KINDS];
    for (int round = -1; round < rounds; round++) /* one to bring files into memory */
        for (int kind = 0; kind < KINDS; kind++) {
            empty_cache();
            double cpu = processor_ms();
            gint64 start = g_get_monotonic_time();
            if (!run_kind(bench, kind))
                return FALSE;
            int at = MAX(round, 0);
            clock[kind][at] = (double)(g_get_monotonic_time() - start) / 1e3;
            processor[kind][at] = processor_ms() - cpu;
        }
    for (int kind = 0; kind < KINDS; kind++) {
        middle[kind] = median(clock[kind], rounds);
        printf("%-9s %8.1f least %8.1f processor %8.1f\n", kinds[kind], middle[kind],
               clock[kind][0], median(processor[kind], rounds));
    }
    printf("%zu pictures, ratio %.2f\n", bench->folder.count,
           middle[OURS] / middle[BARE]);
    return TRUE;
}

int
main(int argc, char **argv)
{
    int rounds = argc > 3 ? atoi(argv[3]) : 5;
    if (argc < 3 || rounds < 1 || rounds > MOST_ROUNDS) {
        fprintf(stderr, "top_bench MODEL FOLDER [ROUNDS [THREADS]]\n");
        return 2;
    }
    char *cache = g_dir_make_tmp("featurescope-top.XXXXXX", NULL);
    g_setenv("XDG_CACHE_HOME", cache, TRUE);
    gegl_init(NULL, NULL);
    GError *error = NULL;
    Bench bench = {.threads = argc > 4 ? atoi(argv[4]) : 2};
    bench.net = net_open(argv[1], &error);
    gboolean ok = bench.net && folder_read(&bench.folder, argv[2], NULL, &error) &&
                  probe_open(&bench.probe, bench.net, "", bench.threads, &error);
    if (!ok)
        fprintf(stderr, "top_bench: %s\n", error->message);
    bench.paths = g_new0(char *, bench.folder.count + 1);
    for (gsize i = 0; i < bench.folder.count; i++)
        bench.paths[i] = folder_path(&bench.folder, i);
    ok = ok && take_inputs(&bench) && run_rounds(&bench, rounds);
    empty_cache();
    g_free(bench.inputs);
    g_strfreev(bench.paths);
    probe_close(&bench.probe);
    folder_clear(&bench.folder);
    net_forget();
    g_free(cache);
    gegl_exit();
    return ok ? 0 : 1;
}
