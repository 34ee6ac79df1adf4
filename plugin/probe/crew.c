/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crew.c: many units of a layer projected at once, one on each processor. */

#include "probe/crew.h"

#define MOST_MEMBERS 64
#define MOST_BYTES ((gsize)512 << 20) /* of all sessions together */

typedef struct {
    Probe probe;
    gboolean ran;
} Member;

struct Crew {
    Member *members;
    gsize count;
    GThreadPool *pool;

    /* What is made at the moment. */
    void (*make)(void *user, Probe *probe, gsize item);
    void *user;
    gint next, items; /* next: atomic */
    GMutex mutex;
    GCond done;
    gsize at_work;
};

static void
work(void *data, void *user)
{
    Member *member = data;
    Crew *crew = user;
    for (;;) {
        gint item = g_atomic_int_add(&crew->next, 1);
        if (item >= crew->items)
            break;
        crew->make(crew->user, &member->probe, (gsize)item);
    }
    g_mutex_lock(&crew->mutex);
    if (--crew->at_work == 0)
        g_cond_signal(&crew->done);
    g_mutex_unlock(&crew->mutex);
}

void
crew_make(Crew *crew,
          gsize count,
          void (*make)(void *user, Probe *probe, gsize item),
          void *user)
{
    gsize members = MIN(crew->count, count);
    crew->make = make;
    crew->user = user;
    crew->items = (gint)count;
    crew->at_work = members;
    g_atomic_int_set(&crew->next, 0);
    for (gsize i = 0; i < members; i++)
        g_thread_pool_push(crew->pool, &crew->members[i], NULL);
    g_mutex_lock(&crew->mutex);
    while (crew->at_work)
        g_cond_wait(&crew->done, &crew->mutex);
    g_mutex_unlock(&crew->mutex);
}

gsize
crew_count(const Crew *crew)
{
    return crew->count;
}

/* --- the first run --- */

typedef struct {
    Crew *crew;
    const float *input;
    const DcnProgress *progress;
} First;

/* An item a member, so that each runs once, whatever thread it is in. */
static void
run_first(void *user, Probe *probe, gsize item)
{
    const First *first = user;
    Member *member = &first->crew->members[item];
    (void)probe;
    member->ran = probe_run(&member->probe, first->input, first->progress, NULL);
}

static gsize
most_members(const Probe *probe)
{
    gsize bytes = MAX(dcn_plan_session_bytes(probe->runner.plan), 1);
    gsize threads = (gsize)dcn_context_threads(probe->runner.context);
    return MIN(MIN(threads, MOST_MEMBERS), MOST_BYTES / bytes);
}

Crew *
crew_new(const Probe *probe, const float *input, const DcnProgress *progress)
{
    gsize most = most_members(probe);
    if (most < 2)
        return NULL;
    Crew *crew = g_new0(Crew, 1);
    g_mutex_init(&crew->mutex);
    g_cond_init(&crew->done);
    crew->members = g_new0(Member, most);
    while (crew->count < most &&
           probe_open_beside(&crew->members[crew->count].probe, probe, 1, NULL))
        crew->count++;
    if (crew->count > 1)
        crew->pool = g_thread_pool_new(work, crew, (gint)crew->count, TRUE, NULL);
    gboolean ready = crew->pool != NULL;
    if (ready)
        crew_make(crew, crew->count, run_first, &(First){crew, input, progress});
    for (gsize i = 0; i < crew->count; i++)
        ready = ready && crew->members[i].ran;
    if (!ready)
        g_clear_pointer(&crew, crew_free);
    return crew;
}

void
crew_free(Crew *crew)
{
    if (!crew)
        return;
    if (crew->pool)
        g_thread_pool_free(crew->pool, FALSE, TRUE);
    for (gsize i = 0; i < crew->count; i++)
        probe_close(&crew->members[i].probe);
    g_free(crew->members);
    g_cond_clear(&crew->done);
    g_mutex_clear(&crew->mutex);
    g_free(crew);
}
