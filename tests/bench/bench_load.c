/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_load.c: measures how long it takes from a model's file to a session that can run.
 *
 *     bench_load MODEL [--repeat 5] [--threads 2] [--backward] [--winograd]
 *
 * Prints the median and the least of some loads in milliseconds, part by part: reading
 * and checking the file, a plan that tells of layers (net_survey() of the plug-in), the
 * plan that runs (weights aligned and packed), the session's memory, and for comparison
 * the first forward run and the second. Each load runs in a process of its own, as it
 * does in an editor, so that all memory is touched for the first time. --backward: as for
 * projections; --winograd: as for many pictures. */
#include "dcn.h"
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int repeat = 5, threads = 2;
static gboolean backward, winograd;

static const GOptionEntry entries[] = {
    {"repeat", 0, 0, G_OPTION_ARG_INT, &repeat, "loads", "N"},
    {"threads", 0, 0, G_OPTION_ARG_INT, &threads, "threads", "N"},
    {"backward", 0, 0, G_OPTION_ARG_NONE, &backward, "with the way back", NULL},
    {"winograd", 0, 0, G_OPTION_ARG_NONE, &winograd, "with transformed weights", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

enum { READ, SURVEY, PLAN, SESSION, LOADED, FIRST_RUN, SECOND_RUN, PARTS };
static const char *const parts[PARTS] = {"read",   "survey",    "plan",      "session",
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
    DcnPlanOptions all = {.passes_off = DCN_PASS_ALL & ~DCN_PASS_MEMORY};
    DcnPlan *survey = model ? dcn_plan_new(model, &all, error) : NULL;
    times[SURVEY] = lap(&at);
    DcnPlanOptions options = {.purpose = backward ? DCN_FOR_PROJECTION : DCN_FOR_RUNS,
                              .passes_off = winograd ? 0 : DCN_PASS_WINOGRAD};
    DcnPlan *plan = survey ? dcn_plan_new(model, &options, error) : NULL;
    times[PLAN] = lap(&at);
    DcnContext *context = plan ? dcn_context_new(threads, error) : NULL;
    DcnSession *session = context ? dcn_session_new(plan, context, error) : NULL;
    times[SESSION] = lap(&at);
    times[LOADED] = times[READ] + times[SURVEY] + times[PLAN] + times[SESSION];
    bool good = session && dcn_forward(session, NULL, error);
    times[FIRST_RUN] = lap(&at);
    good = good && dcn_forward(session, NULL, error);
    times[SECOND_RUN] = lap(&at);
    dcn_session_free(session);
    dcn_context_free(context);
    dcn_plan_free(plan);
    dcn_plan_free(survey);
    dcn_model_free(model);
    return good;
}

/* Loads in a child process, which hands its times over. */
static bool
load_apart(const char *path, double times[PARTS])
{
    int ends[2], status;
    if (pipe(ends) != 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        DcnError error = {0};
        if (!load_once(path, times, &error))
            fprintf(stderr, "bench_load: %s\n", error.text);
        else if (write(ends[1], times, PARTS * sizeof *times) > 0)
            _exit(0);
        _exit(1);
    }
    close(ends[1]);
    bool good = child > 0 && read(ends[0], times, PARTS * sizeof *times) ==
                                 (ssize_t)(PARTS * sizeof *times);
    close(ends[0]);
    return child > 0 && waitpid(child, &status, 0) == child && good;
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
    for (int i = -1; i < repeat; i++) /* one to bring the file into memory */
        if (!load_apart(argv[1], times + PARTS * MAX(i, 0)))
            return 1;
    g_autofree double *column = g_new(double, repeat);
    for (int part = 0; part < PARTS; part++) {
        for (int i = 0; i < repeat; i++)
            column[i] = times[i * PARTS + part];
        qsort(column, (size_t)repeat, sizeof *column, compare);
        printf("%-10s %8.1f least %8.1f\n", parts[part], column[repeat / 2], column[0]);
    }
    return 0;
}
