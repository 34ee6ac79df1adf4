/* newest.c: tests of work beside the main loop.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "gtk/newest.h"

/* Pieces are numbers. The thread holds each until the test lets it go on. */
typedef struct {
    Newest *newest;
    GMutex mutex;
    GCond changed;
    int begun, allowed; /* pieces */
    int last_run, last_done, done;
    gboolean saw_newer;
    gint freed;
} Bench;

static Bench *bench;

static void
run(void *work, void *user)
{
    Bench *b = user;
    g_mutex_lock(&b->mutex);
    b->begun++;
    b->last_run = GPOINTER_TO_INT(work);
    g_cond_broadcast(&b->changed);
    while (b->begun > b->allowed && !newest_overtaken(b->newest))
        g_cond_wait_until(&b->changed, &b->mutex, g_get_monotonic_time() + 1000);
    b->saw_newer = newest_overtaken(b->newest);
    g_mutex_unlock(&b->mutex);
}

static void
done(void *work, void *user)
{
    Bench *b = user;
    b->last_done = GPOINTER_TO_INT(work);
    b->done++;
}

static void
drop(void *work)
{
    (void)work;
    g_atomic_int_inc(&bench->freed);
}

static void
bench_open(Bench *b)
{
    *b = (Bench){0};
    bench = b;
    g_mutex_init(&b->mutex);
    g_cond_init(&b->changed);
    b->newest = newest_new(run, done, drop, b);
}

static void
wait_until_begun(Bench *b, int count)
{
    g_mutex_lock(&b->mutex);
    while (b->begun < count)
        g_cond_wait(&b->changed, &b->mutex);
    g_mutex_unlock(&b->mutex);
}

static void
allow(Bench *b, int count)
{
    g_mutex_lock(&b->mutex);
    b->allowed = count;
    g_cond_broadcast(&b->changed);
    g_mutex_unlock(&b->mutex);
}

static void
put(Bench *b, int number)
{
    newest_put(b->newest, GINT_TO_POINTER(number));
}

/* 1 is in work when 2, 3 and 4 come: 1 is told to stop, 2 and 3 are never run. */
static void
the_newest_wins(void)
{
    Bench b;
    bench_open(&b);
    put(&b, 1);
    wait_until_begun(&b, 1);
    g_mutex_lock(&b.mutex); /* it cannot look now */
    put(&b, 2);
    put(&b, 3);
    put(&b, 4);
    g_mutex_unlock(&b.mutex);
    wait_until_begun(&b, 2);
    g_assert_cmpint(b.last_run, ==, 4);
    g_assert_true(newest_busy(b.newest));
    allow(&b, 2);
    while (!b.done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(b.last_done, ==, 4);
    g_assert_cmpint(b.done, ==, 1);
    g_assert_false(newest_busy(b.newest));
    newest_free(b.newest);
    g_assert_cmpint(b.freed, ==, 4);
}

static void
after_a_rest_nothing_of_before_is_done(void)
{
    Bench b;
    bench_open(&b);
    put(&b, 1);
    wait_until_begun(&b, 1);
    newest_rest(b.newest); /* tells it to stop, and waits */
    g_assert_true(b.saw_newer);
    g_assert_false(newest_busy(b.newest));
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_cmpint(b.done, ==, 0);
    g_assert_cmpint(b.freed, ==, 1);
    allow(&b, 2);
    put(&b, 2);
    while (!b.done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(b.last_done, ==, 2);
    put(&b, 3);
    newest_free(b.newest); /* in the middle of work, or before it */
    g_assert_cmpint(b.freed, ==, 3);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/newest/wins", the_newest_wins);
    g_test_add_func("/newest/rest", after_a_rest_nothing_of_before_is_done);
    return g_test_run();
}
