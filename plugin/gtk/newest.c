/* newest.c: see newest.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "newest.h"

struct Newest {
    void (*run)(void *work, void *user);
    void (*done)(void *work, void *user);
    void (*free)(void *work);
    void *user;
    GThread *thread;
    GMutex mutex;
    GCond changed;
    void *waiting;  /* to be run */
    void *finished; /* to be handed to done() */
    guint idle;     /* that does so, or 0 */
    gboolean working, resting, stop;
};

/* On the main loop. */
static gboolean
hand_over(void *user)
{
    Newest *newest = user;
    g_mutex_lock(&newest->mutex);
    void *work = newest->finished;
    newest->finished = NULL;
    newest->idle = 0;
    g_mutex_unlock(&newest->mutex);
    if (work) {
        newest->done(work, newest->user);
        newest->free(work);
    }
    return G_SOURCE_REMOVE;
}

/* With the lock held. */
static void
finish(Newest *newest, void *work)
{
    if (newest->finished)
        newest->free(newest->finished);
    newest->finished = work;
    if (!newest->idle)
        newest->idle = g_idle_add(hand_over, newest);
}

static void *
thread_main(void *user)
{
    Newest *newest = user;
    g_mutex_lock(&newest->mutex);
    while (!newest->stop) {
        void *work = newest->waiting;
        if (!work) {
            g_cond_wait(&newest->changed, &newest->mutex);
            continue;
        }
        newest->waiting = NULL;
        newest->working = TRUE;
        g_mutex_unlock(&newest->mutex);
        newest->run(work, newest->user);
        g_mutex_lock(&newest->mutex);
        newest->working = FALSE;
        if (newest->waiting || newest->stop)
            newest->free(work);
        else
            finish(newest, work);
        g_cond_broadcast(&newest->changed);
    }
    g_mutex_unlock(&newest->mutex);
    return NULL;
}

Newest *
newest_new(void (*run)(void *work, void *user),
           void (*done)(void *work, void *user),
           void (*free_)(void *work),
           void *user)
{
    Newest *newest = g_new0(Newest, 1);
    newest->run = run;
    newest->done = done;
    newest->free = free_;
    newest->user = user;
    g_mutex_init(&newest->mutex);
    g_cond_init(&newest->changed);
    newest->thread = g_thread_new("newest", thread_main, newest);
    return newest;
}

void
newest_put(Newest *newest, void *work)
{
    g_mutex_lock(&newest->mutex);
    if (newest->waiting)
        newest->free(newest->waiting);
    newest->waiting = work;
    g_cond_broadcast(&newest->changed);
    g_mutex_unlock(&newest->mutex);
}

void
newest_rest(Newest *newest)
{
    g_mutex_lock(&newest->mutex);
    if (newest->waiting)
        newest->free(newest->waiting);
    newest->waiting = NULL;
    newest->resting = TRUE;
    while (newest->working)
        g_cond_wait(&newest->changed, &newest->mutex);
    newest->resting = FALSE;
    if (newest->finished)
        newest->free(newest->finished);
    newest->finished = NULL;
    if (newest->idle)
        g_source_remove(newest->idle);
    newest->idle = 0;
    g_mutex_unlock(&newest->mutex);
}

gboolean
newest_overtaken(Newest *newest)
{
    g_mutex_lock(&newest->mutex);
    gboolean overtaken = newest->waiting || newest->resting || newest->stop;
    g_mutex_unlock(&newest->mutex);
    return overtaken;
}

gboolean
newest_busy(Newest *newest)
{
    g_mutex_lock(&newest->mutex);
    gboolean busy = newest->waiting || newest->working || newest->finished;
    g_mutex_unlock(&newest->mutex);
    return busy;
}

void
newest_free(Newest *newest)
{
    if (!newest)
        return;
    g_mutex_lock(&newest->mutex);
    newest->stop = TRUE;
    g_cond_broadcast(&newest->changed);
    g_mutex_unlock(&newest->mutex);
    g_thread_join(newest->thread);
    newest_rest(newest);
    g_mutex_clear(&newest->mutex);
    g_cond_clear(&newest->changed);
    g_free(newest);
}
