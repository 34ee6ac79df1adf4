/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worker.c: one thread beside the main loop of a window. */

#include "base/worker.h"

struct Work {
    Worker *worker;
    int lane;
    void (*run)(Work *work, void *request);
    void *request;
    GDestroyNotify free_request;
    gint stop; /* atomic */

    /* Atomic: held by waiting[], by newest[], while it runs, and by each of the news that
     * were sent. */
    gint references;
};

struct Worker {
    GThread *thread;
    GMutex mutex; /* of all below */
    GCond posted;
    GCond answered; /* a question of work_ask(), or its work was stopped */
    Work *waiting[WORKER_LANES];
    Work *newest[WORKER_LANES]; /* waiting, running or over */
    gboolean running[WORKER_LANES];
    gboolean ending;
};

static void
work_release(Work *work)
{
    if (!work || !g_atomic_int_dec_and_test(&work->references))
        return;
    if (work->free_request)
        work->free_request(work->request);
    g_free(work);
}

/* --- the thread --- */

/* Takes what waits in the first of the lanes before `end`; mutex is held. */
static Work *
take_waiting(Worker *worker, int end)
{
    for (int lane = 0; lane < end; lane++)
        if (worker->waiting[lane]) {
            Work *work = worker->waiting[lane];
            worker->waiting[lane] = NULL;
            worker->running[lane] = TRUE;
            return work;
        }
    return NULL;
}

static void
run_work(Worker *worker, Work *work)
{
    if (!work_stopped(work))
        work->run(work, work->request);
    g_mutex_lock(&worker->mutex);
    worker->running[work->lane] = FALSE;
    g_mutex_unlock(&worker->mutex);
    work_release(work);
}

static gpointer
run_thread(gpointer user)
{
    Worker *worker = user;
    for (;;) {
        Work *work;
        g_mutex_lock(&worker->mutex);
        while (!(work = take_waiting(worker, WORKER_LANES)) && !worker->ending)
            g_cond_wait(&worker->posted, &worker->mutex);
        g_mutex_unlock(&worker->mutex);
        if (!work)
            return NULL;
        run_work(worker, work);
    }
}

gboolean
work_stopped(const Work *work)
{
    return g_atomic_int_get(&work->stop) != 0;
}

gboolean
work_goes_on(Work *work)
{
    Worker *worker = work->worker;
    for (;;) {
        g_mutex_lock(&worker->mutex);
        Work *first = take_waiting(worker, work->lane);
        g_mutex_unlock(&worker->mutex);
        if (!first)
            return !work_stopped(work);
        run_work(worker, first);
    }
}

/* --- news --- */

typedef struct {
    Work *work;
    void (*arrived)(void *user, void *news);
    void *user, *news;
    GDestroyNotify free_news;
} News;

/* Only the main loop's thread stops work, so it is not stopped between this question
 * and the call. */
static gboolean
deliver(gpointer user)
{
    News *news = user;
    if (!work_stopped(news->work))
        news->arrived(news->user, news->news);
    if (news->free_news)
        news->free_news(news->news);
    work_release(news->work);
    g_free(news);
    return G_SOURCE_REMOVE;
}

void
work_send(Work *work,
          void (*arrived)(void *user, void *news),
          void *user,
          void *news,
          GDestroyNotify free_news)
{
    News *sent = g_new(News, 1);
    *sent = (News){work, arrived, user, news, free_news};
    g_atomic_int_inc(&work->references);
    g_idle_add(deliver, sent);
}

/* --- questions --- */

typedef struct {
    Worker *worker;
    void (*call)(void *data);
    void *data;
    gboolean running, answered, abandoned; /* with the worker's mutex */
    gint references;                       /* atomic: of the thread, and of the source */
} Question;

static void
question_release(void *user)
{
    Question *question = user;
    if (g_atomic_int_dec_and_test(&question->references))
        g_free(question);
}

static gboolean
answer(gpointer user)
{
    Question *question = user;
    Worker *worker = question->worker;
    g_mutex_lock(&worker->mutex);
    question->running = !question->abandoned;
    g_mutex_unlock(&worker->mutex);
    if (!question->running)
        return G_SOURCE_REMOVE;
    question->call(question->data);
    g_mutex_lock(&worker->mutex);
    question->answered = TRUE;
    g_cond_broadcast(&worker->answered);
    g_mutex_unlock(&worker->mutex);
    return G_SOURCE_REMOVE;
}

gboolean
work_ask(Work *work, void (*call)(void *data), void *data)
{
    if (!work) {
        call(data);
        return TRUE;
    }
    Worker *worker = work->worker;
    Question *question = g_new(Question, 1);
    *question = (Question){.worker = worker, .call = call, .data = data, .references = 2};
    GSource *source = g_idle_source_new();
    g_source_set_callback(source, answer, question, question_release);
    g_source_attach(source, NULL);
    g_mutex_lock(&worker->mutex);
    while (!question->answered && (question->running || !work_stopped(work)))
        g_cond_wait(&worker->answered, &worker->mutex);
    gboolean answered = question->answered;
    question->abandoned = !answered;
    g_mutex_unlock(&worker->mutex);
    g_source_destroy(source);
    g_source_unref(source);
    question_release(question);
    return answered;
}

/* --- the main loop's side --- */

Worker *
worker_new(void)
{
    Worker *worker = g_new0(Worker, 1);
    g_mutex_init(&worker->mutex);
    g_cond_init(&worker->posted);
    g_cond_init(&worker->answered);
    worker->thread = g_thread_new("featurescope", run_thread, worker);
    return worker;
}

/* Nothing of the lane arrives any more, not even from work that is over but whose news
 * are on their way. The mutex is held. */
static void
clear_lane(Worker *worker, int lane, Work *dropped[2])
{
    dropped[0] = worker->waiting[lane];
    dropped[1] = worker->newest[lane];
    if (worker->newest[lane])
        g_atomic_int_set(&worker->newest[lane]->stop, TRUE);
    g_cond_broadcast(&worker->answered);
    worker->waiting[lane] = worker->newest[lane] = NULL;
}

void
worker_post(Worker *worker,
            int lane,
            void (*run)(Work *work, void *request),
            void *request,
            GDestroyNotify free_request)
{
    Work *work = g_new(Work, 1), *dropped[2];
    *work = (Work){.worker = worker,
                   .lane = lane,
                   .run = run,
                   .request = request,
                   .free_request = free_request,
                   .references = 2}; /* waiting, newest */
    g_mutex_lock(&worker->mutex);
    clear_lane(worker, lane, dropped);
    worker->waiting[lane] = worker->newest[lane] = work;
    g_cond_signal(&worker->posted);
    g_mutex_unlock(&worker->mutex);
    work_release(dropped[0]);
    work_release(dropped[1]);
}

void
worker_stop(Worker *worker, int lane)
{
    Work *dropped[2];
    g_mutex_lock(&worker->mutex);
    clear_lane(worker, lane, dropped);
    g_mutex_unlock(&worker->mutex);
    work_release(dropped[0]);
    work_release(dropped[1]);
}

gboolean
worker_busy(Worker *worker, int lane)
{
    g_mutex_lock(&worker->mutex);
    gboolean busy = worker->waiting[lane] || worker->running[lane];
    g_mutex_unlock(&worker->mutex);
    return busy;
}

void
worker_free(Worker *worker)
{
    if (!worker)
        return;
    for (int lane = 0; lane < WORKER_LANES; lane++)
        worker_stop(worker, lane);
    g_mutex_lock(&worker->mutex);
    worker->ending = TRUE;
    g_cond_signal(&worker->posted);
    g_mutex_unlock(&worker->mutex);
    g_thread_join(worker->thread);
    g_cond_clear(&worker->posted);
    g_cond_clear(&worker->answered);
    g_mutex_clear(&worker->mutex);
    g_free(worker);
}
