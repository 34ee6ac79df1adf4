/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/job.c: the turns of all operations of a process, and the models that they share. */

#include "gegl/job.h"
#include "base/fail.h"
#include "gegl/shelf.h"

/* A person who moves a slider comes back within seconds; a model takes up to a second to
 * be opened. */
#define KEPT_SECONDS 60

/* Turns are numbered tickets, so that nobody takes two while another waits. */
static GMutex lock; /* of all below */
static GCond called;
static guint64 next, serving;
static int computing; /* jobs that have begun and not ended */
static gint64 used;   /* when a job ended last, of the monotonic clock */
static guint timer;   /* of forget() */
static guint64 seen;  /* inputs that were read */

static void
take_turn(void)
{
    g_mutex_lock(&lock);
    guint64 ticket = next++;
    while (ticket != serving)
        g_cond_wait(&called, &lock);
    g_mutex_unlock(&lock);
}

static void
give_turn(void)
{
    g_mutex_lock(&lock);
    serving++;
    g_cond_broadcast(&called);
    g_mutex_unlock(&lock);
}

static gboolean
others_wait(void)
{
    g_mutex_lock(&lock);
    gboolean wait = next > serving + 1;
    g_mutex_unlock(&lock);
    return wait;
}

static bool
go_on(double done, void *user)
{
    const Job *job = user;
    (void)done;
    if (others_wait()) {
        give_turn();
        take_turn();
    }
    return job->wanted(job->user);
}

DcnProgress
job_progress(const Job *job)
{
    return (DcnProgress){go_on, (void *)job};
}

/* In the main loop. */
static gboolean
forget(void *nothing)
{
    (void)nothing;
    g_mutex_lock(&lock);
    gboolean over =
        computing == 0 && g_get_monotonic_time() - used >= KEPT_SECONDS * G_USEC_PER_SEC;
    if (over) {
        shelf_clear();
        net_forget();
        timer = 0;
    }
    g_mutex_unlock(&lock);
    return over ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
count(int change)
{
    g_mutex_lock(&lock);
    computing += change;
    used = g_get_monotonic_time();
    if (!timer)
        timer = g_timeout_add_seconds(KEPT_SECONDS / 4, forget, NULL);
    g_mutex_unlock(&lock);
}

/* --- the input --- */

void
job_input_clear(JobInput *input)
{
    seen_clear(&input->seen);
    g_free(input->of);
    *input = (JobInput){0};
}

const Seen *
job_seen(const Job *job, const Net *net, GError **error)
{
    JobInput *input = job->input;
    const Region *region = &input->seen.region;
    if (g_strcmp0(input->of, job->of) == 0 && region->width == net->width &&
        region->height == net->height && input->count == net_input_count(net)) {
        net_input(net, input->seen.rgb, input->seen.input); /* its card may be another */
        return &input->seen;
    }
    job_input_clear(input);
    if (!job->pixels) {
        fail_stopped(error);
        return NULL;
    }
    if (!seen_take(&input->seen, job->pixels, &job->rect, NULL, net,
                   seen_fit(job->values), error))
        return NULL;
    g_mutex_lock(&lock);
    input->number = ++seen;
    g_mutex_unlock(&lock);
    input->count = net_input_count(net);
    input->of = g_strdup(job->of);
    return &input->seen;
}

/* --- the work --- */

HostLayer *
job_run(JobCompute compute, const Job *job, GError **error)
{
    count(1);
    take_turn();
    HostLayer *layer = compute(job, error);
    give_turn();
    count(-1);
    return layer;
}
