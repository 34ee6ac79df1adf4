/* bench_load.c: how long it takes from a model's file to a session that can run.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     bench_load MODEL [--repeat 5] [--threads 2] [--backward] [--winograd]
 *
 * Prints the median and the least of some loads in milliseconds, part by part: reading
 * and checking the file, the plan (weights aligned and packed), the session's memory,
 * and for comparison the first forward run and the second. A run of a procedure has
 * neither --backward (projections do) nor --winograd (occlusion does).
 */
#include "dcn.h"
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

static int repeat = 5, threads = 2;
static gboolean backward, winograd;

static const GOptionEntry entries[] = {
    {"repeat", 0, 0, G_OPTION_ARG_INT, &repeat, "loads", "N"},
    {"threads", 0, 0, G_OPTION_ARG_INT, &threads, "threads", "N"},
    {"backward", 0, 0, G_OPTION_ARG_NONE, &backward, "with the way back", NULL},
    {"winograd", 0, 0, G_OPTION_ARG_NONE, &winograd, "with transformed weights", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

enum { READ, PLAN, SESSION, LOADED, FIRST_RUN, SECOND_RUN, PARTS };
static const char *const parts[PARTS] = {"read",   "plan",      "session",
                                         "loaded", "first run", "second run"};

/* Milliseconds since *from, which becomes now. */
static double
lap(gint64 *from)
{
    gint64 now = g_get_monotonic_time();
    double took = (double)(now - *from) / 1e3;
    *from = now;
    return took;
}

static bool
load_once(const char *path, double times[PARTS], DcnError *error)
{
    gint64 at = g_get_monotonic_time();
    DcnModel *model = dcn_model_open(path, error);
    times[READ] = lap(&at);
    DcnPlanOptions options = {.backward = backward,
                              .passes_off = winograd ? 0 : DCN_PASS_WINOGRAD};
    DcnPlan *plan = model ? dcn_plan_new(model, &options, error) : NULL;
    times[PLAN] = lap(&at);
    DcnContext *context = plan ? dcn_context_new(threads, error) : NULL;
    DcnSession *session = context ? dcn_session_new(plan, context, error) : NULL;
    times[SESSION] = lap(&at);
    times[LOADED] = times[READ] + times[PLAN] + times[SESSION];
    bool good = session && dcn_forward(session, NULL, error);
    times[FIRST_RUN] = lap(&at);
    good = good && dcn_forward(session, NULL, error);
    times[SECOND_RUN] = lap(&at);
    dcn_session_free(session);
    dcn_context_free(context);
    dcn_plan_free(plan);
    dcn_model_free(model);
    return good;
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
    if (!g_option_context_parse(options, &argc, &argv, &problem) || argc != 2 ||
        repeat < 1) {
        fprintf(stderr, "bench_load: %s\n",
                problem ? problem->message : "one model, and at least one load");
        return 2;
    }
    g_autofree double *times = g_new(double, (gsize)repeat *PARTS);
    DcnError error = {0};
    for (int i = -1; i < repeat; i++) { /* one to bring the file into memory */
        double *row = times + PARTS * MAX(i, 0);
        if (!load_once(argv[1], row, &error)) {
            fprintf(stderr, "bench_load: %s\n", error.text);
            return 1;
        }
    }
    g_autofree double *column = g_new(double, repeat);
    for (int part = 0; part < PARTS; part++) {
        for (int i = 0; i < repeat; i++)
            column[i] = times[i * PARTS + part];
        qsort(column, (size_t)repeat, sizeof *column, compare);
        printf("%-10s %8.1f least %8.1f\n", parts[part], column[repeat / 2], column[0]);
    }
    return 0;
}
