/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench.c: measures how long one task of the core takes.
 *
 *     bench MODEL --task forward|kept|project|map|occlude|first|again [--plain] [--layer L]
 *                 [--side N] [--size 32] [--stride 8] [--batch N] [--threads 2] [--repeat 5]
 *                 [--profile]
 *     bench --task sgemm|stream
 *
 * Prints "median_ms X peak_mb Y min_ms Z cpu_ms C least_ms L". C is processor time a run,
 * of all threads, which a busy machine changes less than the clock, and L that of the run
 * that took least of it. Input: seeded noise. kept is a forward run that
 * keeps what a projection needs, project one
 * and one projection by deconvnet of the strongest unit of the layer, map of its whole
 * map, first an occlusion up to its coarsest grid, as the preview shows it, again the same
 * by an occluder, for another square each time. --plain: with all passes off. --profile: by one thread, and where its time goes
 * (profile.h). sgemm and stream print what bounds all of it:
 * OpenBLAS's GFLOPS and the GB/s that threads read. */
#include "bench/profile.h"
#include "dcn.h"
#include <cblas.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static char *task, *layer;
static int side, size = 32, stride = 8, batch, threads = 2, repeat = 5;
static gboolean plain, profile;

static const GOptionEntry entries[] = {
    {"task", 0, 0, G_OPTION_ARG_STRING, &task,
     "forward, kept, project, map, occlude, first or again; sgemm or stream", "T"},
    {"layer", 0, 0, G_OPTION_ARG_STRING, &layer, "layer; the default layer if left out",
     "L"},
    {"side", 0, 0, G_OPTION_ARG_INT, &side, "side of the input; the file's if left out",
     "N"},
    {"size", 0, 0, G_OPTION_ARG_INT, &size, "side of the square", "N"},
    {"stride", 0, 0, G_OPTION_ARG_INT, &stride, "step of the square", "N"},
    {"batch", 0, 0, G_OPTION_ARG_INT, &batch, "positions a batch; chosen if left out",
     "N"},
    {"plain", 0, 0, G_OPTION_ARG_NONE, &plain, "all passes off", NULL},
    {"profile", 0, 0, G_OPTION_ARG_NONE, &profile, "where the time goes", NULL},
    {"threads", 0, 0, G_OPTION_ARG_INT, &threads, "threads", "N"},
    {"repeat", 0, 0, G_OPTION_ARG_INT, &repeat, "runs; the median is printed", "N"},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

typedef struct {
    DcnModel *model;
    DcnContext *context;
    DcnPlan *plan;
    DcnSession *session;
    DcnOccluder *occluder; /* of task again */
    bool larger;           /* the next square is */
    int tensor;
    float *input, *fill, *signal;
    size_t count;
} Bench;

static bool
projects(void)
{
    return g_str_equal(task, "project") || g_str_equal(task, "map") ||
           g_str_equal(task, "kept");
}

static bool
occludes(void)
{
    return g_str_equal(task, "occlude") || g_str_equal(task, "first") ||
           g_str_equal(task, "again");
}

static bool
not_coarse_yet(const DcnOcclusionMaps *maps, void *user)
{
    (void)user;
    return maps->grid == 0;
}

static bool
run_once(Bench *b, DcnError *error)
{
    if (occludes()) {
        DcnOcclusion options = {.size = size,
                                .step = stride,
                                .batch = (size_t)batch,
                                .fill = b->fill,
                                .layer = layer,
                                .channel = -1,
                                .height = side,
                                .width = side,
                                .survey = b->plan};
        if (!g_str_equal(task, "occlude"))
            options.cells = not_coarse_yet;
        DcnOcclusionMaps maps;
        bool again = g_str_equal(task, "again"), done;
        if (again && !b->occluder)
            b->occluder = dcn_occluder_new(b->model, b->context, error);
        if (again) {
            options.size = b->larger ? size + 2 : size;
            b->larger = !b->larger;
            done = b->occluder &&
                   dcn_occluder_run(b->occluder, &options, b->input, &maps, NULL, error);
        } else {
            done =
                dcn_occlude(b->model, b->context, &options, b->input, &maps, NULL, error);
        }
        if (done)
            dcn_occlusion_maps_free(&maps);
        return done;
    }
    memcpy(dcn_session_input(b->session, 0), b->input, b->count * sizeof(float));
    if (!dcn_forward(b->session, NULL, error))
        return false;
    if (!projects() || g_str_equal(task, "kept"))
        return true;
    DcnSeed seed = {.tensor = b->tensor, .whole_map = g_str_equal(task, "map")};
    dcn_strongest(b->session, b->tensor, 0, 1, &seed.unit);
    return dcn_project(b->session, &seed, DCN_DECONVNET, b->signal, NULL, error);
}

static bool
set_up(Bench *b, const char *path, DcnError *error)
{
    b->context = dcn_context_new(threads, error);
    b->model = b->context ? dcn_model_open(path, error) : NULL;
    if (!b->model)
        return false;
    DcnPlanOptions options = {
        .height = side, .width = side, .passes_off = plain ? DCN_PASS_ALL : 0};
    if (occludes()) /* makes plans of its own */
        options.passes_off = DCN_PASS_WINOGRAD | DCN_PASS_PACK;
    b->plan = dcn_plan_new(b->model, &options, error);
    if (!b->plan)
        return false;
    if (projects()) {
        int number = dcn_plan_default_layer(b->plan);
        const char *name = layer         ? layer
                           : number >= 0 ? dcn_plan_name(b->plan, number)
                                         : "";
        options.purpose = DCN_FOR_PROJECTION;
        options.targets = &name;
        options.n_targets = 1;
        DcnPlan *plan = dcn_plan_new(b->model, &options, error);
        if (!plan)
            return false;
        b->tensor = dcn_plan_find(plan, name, error);
        dcn_plan_free(b->plan);
        b->plan = plan;
        if (b->tensor < 0)
            return false;
    }
    b->session = occludes() ? NULL : dcn_session_new(b->plan, b->context, error);
    if (!occludes() && !b->session)
        return false;
    b->count = dcn_shape_count(dcn_plan_shape(b->plan, dcn_plan_input(b->plan, 0)));
    b->input = g_new(float, b->count);
    b->signal = g_new(float, b->count);
    b->fill = g_new0(float, b->count);
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    for (size_t i = 0; i < b->count; i++)
        b->input[i] = (float)g_rand_double_range(random, -1, 1);
    return true;
}

/* --- what bounds it --- */

#define SIDE 1024                /* of matrices */
#define WORDS ((size_t)24 << 20) /* that a thread reads: past the last cache */

static gpointer
multiply(gpointer data)
{
    g_autofree float *m = g_new0(float, 3 * SIDE * SIDE);
    gint64 *time = data;
    for (int i = 0; i < repeat + 1; i++) {
        gint64 start = g_get_monotonic_time();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIDE, SIDE, SIDE, 1, m,
                    SIDE, m + SIDE * SIDE, SIDE, 0, m + 2 * SIDE * SIDE, SIDE);
        gint64 took = g_get_monotonic_time() - start;
        *time = i == 0 || took < *time ? took : *time;
    }
    return NULL;
}

static gpointer
add_up(gpointer data)
{
    g_autofree float *words = g_new(float, WORDS);
    gint64 *time = data;
    for (size_t i = 0; i < WORDS; i++)
        words[i] = 1;
    for (int i = 0; i < repeat + 1; i++) {
        gint64 start = g_get_monotonic_time();
        float sum = cblas_sasum((blasint)WORDS, words, 1);
        gint64 took = g_get_monotonic_time() - start;
        *time = (i == 0 || took < *time) && sum > 0 ? took : *time;
    }
    return NULL;
}

/* The best of some runs, of all threads at once. */
static void
measure_bounds(void)
{
    bool products = g_str_equal(task, "sgemm");
    g_autofree gint64 *times = g_new0(gint64, threads);
    g_autofree GThread **workers = g_new(GThread *, threads);
    double sum = 0;
    openblas_set_num_threads(1);
    for (int i = 0; i < threads; i++)
        workers[i] = g_thread_new("bound", products ? multiply : add_up, &times[i]);
    for (int i = 0; i < threads; i++) {
        g_thread_join(workers[i]);
        double work = products ? 2.0 * SIDE * SIDE * SIDE : (double)WORDS * 4;
        sum += work / (double)MAX(times[i], 1) / 1e3; /* microseconds; 1e9 */
    }
    printf("%s %.1f kernel %s\n", products ? "gflops" : "gb_s", sum,
           openblas_get_corename());
}

static double
processor_ms(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return 1e3 * (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) options = g_option_context_new("MODEL");
    g_option_context_add_main_entries(options, entries, NULL);
    g_autoptr(GError) problem = NULL;
    bool parsed = g_option_context_parse(options, &argc, &argv, &problem);
    bool bounds = task && (g_str_equal(task, "sgemm") || g_str_equal(task, "stream"));
    if (!parsed || argc != (bounds ? 1 : 2) || repeat < 1 || threads < 1) {
        fprintf(stderr, "bench: %s\n",
                problem ? problem->message : "one model, and at least one run");
        return 2;
    }
    if (!task)
        task = g_strdup("forward");
    if (profile)
        threads = 1;
    if (bounds) {
        measure_bounds();
        return 0;
    }
    Bench b = {0};
    DcnError error = {0};
    bool good = set_up(&b, argv[1], &error) && run_once(&b, &error); /* one to warm up */
    g_autofree double *times = g_new0(double, repeat);
    if (profile)
        profile_start();
    double first = processor_ms(), before = first, least = 0;
    for (int i = 0; good && i < repeat; i++) {
        gint64 start = g_get_monotonic_time();
        good = run_once(&b, &error);
        times[i] = (double)(g_get_monotonic_time() - start) / 1e3;
        double after = processor_ms();
        least = i == 0 || after - before < least ? after - before : least;
        before = after;
    }
    double processor = (before - first) / repeat;
    if (good) {
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        qsort(times, (size_t)repeat, sizeof *times, compare);
        printf("median_ms %.3f peak_mb %.1f min_ms %.3f cpu_ms %.3f least_ms %.3f\n",
               times[repeat / 2], (double)usage.ru_maxrss / 1024, times[0], processor,
               least);
        if (profile)
            profile_print(repeat, 40);
    } else {
        fprintf(stderr, "bench: %s\n", error.text);
    }
    dcn_occluder_free(b.occluder);
    dcn_session_free(b.session);
    dcn_plan_free(b.plan);
    dcn_model_free(b.model);
    dcn_context_free(b.context);
    g_free(b.input);
    g_free(b.fill);
    g_free(b.signal);
    return good ? 0 : 1;
}
