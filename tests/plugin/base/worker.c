/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worker.c: tests of a window's worker thread, without a window. */
#include "base/worker.h"
#include <string.h>

#define PATIENCE (300 * G_USEC_PER_SEC) /* with sanitizers, where others compute */

/* What the thread and the main loop tell each other. */
typedef struct {
    gint started, released, freed; /* atomic */
    GString *arrived;
} Stage;

typedef struct {
    Stage *stage;
    char name;
    gboolean wait; /* until released or stopped, letting others pass */
} Request;

static void
free_request(void *data)
{
    Request *request = data;
    g_atomic_int_inc(&request->stage->freed);
    g_free(request);
}

static void
arrived(void *user, void *news)
{
    g_string_append((GString *)user, news);
}

static void
send_name(Work *work, const Request *request)
{
    work_send(work, arrived, request->stage->arrived,
              g_strdup_printf("%c", request->name), g_free);
}

static void
run(Work *work, void *user)
{
    Request *request = user;
    Stage *stage = request->stage;
    g_atomic_int_inc(&stage->started);
    while (request->wait && work_goes_on(work) && !g_atomic_int_get(&stage->released))
        g_usleep(200);
    send_name(work, request);
}

static void
post(Worker *worker, int lane, Stage *stage, char name, gboolean wait)
{
    Request *request = g_new(Request, 1);
    *request = (Request){stage, name, wait};
    worker_post(worker, lane, run, request, free_request);
}

static void
wait_until(gint *value, gint wanted)
{
    gint64 end = g_get_monotonic_time() + PATIENCE;
    while (g_atomic_int_get(value) < wanted && g_get_monotonic_time() < end)
        g_usleep(200);
    g_assert_cmpint(g_atomic_int_get(value), >=, wanted);
}

/* Runs the main loop until that many letters have arrived, and then delivers the rest. */
static void
deliver(Stage *stage, gsize wanted)
{
    gint64 end = g_get_monotonic_time() + PATIENCE;
    while (stage->arrived->len < wanted && g_get_monotonic_time() < end)
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(200);
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static Stage
stage_new(void)
{
    return (Stage){.arrived = g_string_new(NULL)};
}

static void
the_newest_request_wins(void)
{
    Stage stage = stage_new();
    Worker *worker = worker_new();
    post(worker, 1, &stage, 'a', TRUE);
    wait_until(&stage.started, 1);
    post(worker, 1, &stage, 'b', FALSE); /* stops a */
    post(worker, 1, &stage, 'c', FALSE); /* drops b, if that waits still */
    deliver(&stage, 1);
    g_assert_cmpint(stage.arrived->str[stage.arrived->len - 1], ==, 'c');
    g_assert_null(strchr(stage.arrived->str, 'a'));
    g_assert_false(worker_busy(worker, 1));
    worker_free(worker);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_cmpint(stage.freed, ==, 3);
    g_string_free(stage.arrived, TRUE);
}

static void
a_choice_passes_what_is_long(void)
{
    Stage stage = stage_new();
    Worker *worker = worker_new();
    post(worker, 2, &stage, 'h', TRUE);
    wait_until(&stage.started, 1);
    post(worker, 1, &stage, 't', TRUE); /* inside h */
    wait_until(&stage.started, 2);
    post(worker, 0, &stage, 'p', FALSE); /* inside t */
    deliver(&stage, 1);
    g_assert_cmpstr(stage.arrived->str, ==, "p");
    g_assert_true(worker_busy(worker, 1) && worker_busy(worker, 2));
    g_atomic_int_set(&stage.released, TRUE);
    deliver(&stage, 3);
    g_assert_cmpstr(stage.arrived->str, ==, "pth");
    worker_free(worker);
    g_assert_cmpint(stage.freed, ==, 3);
    g_string_free(stage.arrived, TRUE);
}

/* A long request is not interrupted by requests of its own lane or of later ones. */
static void
later_lanes_wait(void)
{
    Stage stage = stage_new();
    Worker *worker = worker_new();
    post(worker, 1, &stage, 'a', TRUE);
    wait_until(&stage.started, 1);
    post(worker, 2, &stage, 'b', FALSE);
    g_usleep(5000);
    g_assert_cmpint(g_atomic_int_get(&stage.started), ==, 1);
    g_atomic_int_set(&stage.released, TRUE);
    deliver(&stage, 2);
    g_assert_cmpstr(stage.arrived->str, ==, "ab");
    worker_free(worker);
    g_string_free(stage.arrived, TRUE);
}

static void
news_of_what_was_stopped_do_not_arrive(void)
{
    Stage stage = stage_new();
    Worker *worker = worker_new();
    post(worker, 0, &stage, 'a', FALSE);
    gint64 end = g_get_monotonic_time() + PATIENCE;
    while (worker_busy(worker, 0) && g_get_monotonic_time() < end)
        g_usleep(200);
    worker_stop(worker, 0); /* a is over; its news wait for the main loop */
    deliver(&stage, 0);
    g_assert_cmpstr(stage.arrived->str, ==, "");
    g_assert_cmpint(stage.freed, ==, 1);

    post(worker, 0, &stage, 'b', TRUE);
    wait_until(&stage.started, 2);
    worker_free(worker);
    deliver(&stage, 0);
    g_assert_cmpstr(stage.arrived->str, ==, "");
    g_assert_cmpint(stage.freed, ==, 2);
    g_string_free(stage.arrived, TRUE);
}

/* --- questions --- */

typedef struct {
    Stage *stage;
    GThread *asked_in; /* what answered */
    gint answers;      /* of work_ask(): 1 yes, 2 no; atomic */
} Question;

static void
answer(void *data)
{
    Question *question = data;
    question->asked_in = g_thread_self();
}

static void
run_question(Work *work, void *user)
{
    Question *question = user;
    g_atomic_int_inc(&question->stage->started);
    g_atomic_int_set(&question->answers, work_ask(work, answer, question) ? 1 : 2);
}

static void
the_main_loop_answers(void)
{
    Stage stage = stage_new();
    Worker *worker = worker_new();
    Question question = {.stage = &stage};
    worker_post(worker, 3, run_question, &question, NULL);
    gint64 end = g_get_monotonic_time() + PATIENCE;
    while (!g_atomic_int_get(&question.answers) && g_get_monotonic_time() < end)
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(200);
    g_assert_cmpint(question.answers, ==, 1);
    g_assert_true(question.asked_in == g_thread_self());

    /* One that is stopped does not wait for a loop that does not run. */
    question = (Question){.stage = &stage};
    worker_post(worker, 3, run_question, &question, NULL);
    wait_until(&stage.started, 2);
    worker_stop(worker, 3);
    wait_until(&question.answers, 2);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_null(question.asked_in);

    /* Nor does the end of all. */
    question = (Question){.stage = &stage};
    worker_post(worker, 4, run_question, &question, NULL);
    wait_until(&stage.started, 3);
    worker_free(worker);
    g_assert_cmpint(question.answers, ==, 2);

    /* Without a thread it is a call. */
    question = (Question){.stage = &stage};
    g_assert_true(work_ask(NULL, answer, &question));
    g_assert_true(question.asked_in == g_thread_self());
    g_string_free(stage.arrived, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/worker/newest", the_newest_request_wins);
    g_test_add_func("/worker/passes", a_choice_passes_what_is_long);
    g_test_add_func("/worker/waits", later_lanes_wait);
    g_test_add_func("/worker/stopped", news_of_what_was_stopped_do_not_arrive);
    g_test_add_func("/worker/asks", the_main_loop_answers);
    return g_test_run();
}
