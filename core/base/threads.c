/* SPDX-License-Identifier: GPL-3.0-or-later */
/* threads.c: a pool of POSIX threads that share out indices.
 *
 * The caller of dcn_parallel() is worker 0 and works along; the others sleep between
 * calls. Indices are taken one after another from a shared counter, so uneven work
 * balances itself. The caller waits only for the threads that have begun: a thread that
 * wakes up after all indices are taken, as on a busy machine, finds the gate closed and
 * sleeps on. */
#include "base/threads.h"
#include "base/denormals.h"
#include "base/error.h"
#include "base/pages.h"
#include <assert.h>
#include <cblas.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_THREADS 256
#define GATE_OPEN (1u << 31)
#define SPINS 4000 /* some ten microseconds */

typedef struct {
    DcnContext *context;
    size_t number;
    pthread_t thread;
} Worker;

struct DcnContext {
    int threads;
    Worker *workers; /* threads - 1, numbers from 1 */
    void **scratch;  /* by worker */
    size_t scratch_bytes;

    pthread_mutex_t lock;
    pthread_cond_t wake, idle;
    atomic_ulong round; /* grows by one for each dcn_parallel() */
    atomic_uint gate;   /* GATE_OPEN, and the workers that are inside */
    bool quit, inside;

    void (*work)(void *user, size_t index, size_t worker);
    void *user;
    size_t count;
    atomic_size_t next;
};

static void
take_indices(DcnContext *context, size_t number)
{
    for (;;) {
        size_t index = atomic_fetch_add(&context->next, 1);
        if (index >= context->count)
            return;
        context->work(context->user, index, number);
    }
}

static void
pause_a_little(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static bool
round_begins(DcnContext *context, unsigned long seen)
{
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&context->round, memory_order_acquire) != seen)
            return true;
        pause_a_little();
    }
    pthread_mutex_lock(&context->lock);
    while (atomic_load(&context->round) == seen && !context->quit)
        pthread_cond_wait(&context->wake, &context->lock);
    bool quit = context->quit;
    pthread_mutex_unlock(&context->lock);
    return !quit;
}

/* False: the round is over. */
static bool
enter(DcnContext *context)
{
    unsigned gate = atomic_load(&context->gate);
    while (gate & GATE_OPEN)
        if (atomic_compare_exchange_weak(&context->gate, &gate, gate + 1))
            return true;
    return false;
}

static void
leave(DcnContext *context)
{
    if (atomic_fetch_sub(&context->gate, 1) != 1)
        return; /* others are inside, or the caller still works along */
    pthread_mutex_lock(&context->lock);
    pthread_cond_signal(&context->idle);
    pthread_mutex_unlock(&context->lock);
}

static void *
worker_main(void *data)
{
    Worker *worker = data;
    DcnContext *context = worker->context;
    dcn_denormals_flush();
    for (unsigned long seen = 0; round_begins(context, seen);) {
        seen = atomic_load(&context->round);
        if (!enter(context))
            continue;
        take_indices(context, worker->number);
        leave(context);
    }
    return NULL;
}

static void
wait_for_workers(DcnContext *context)
{
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&context->gate, memory_order_acquire) == 0)
            return;
        pause_a_little();
    }
    pthread_mutex_lock(&context->lock);
    while (atomic_load(&context->gate) > 0)
        pthread_cond_wait(&context->idle, &context->lock);
    pthread_mutex_unlock(&context->lock);
}

DcnContext *
dcn_context_new(int threads, DcnError *error)
{
    if (threads < 0 || threads > MAX_THREADS) {
        dcn_fail(error, DCN_ERROR_VALUE, "%d threads asked for: 0 to %d are possible",
                 threads, MAX_THREADS);
        return NULL;
    }
    if (threads == 0) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        threads = processors < 1             ? 1
                  : processors > MAX_THREADS ? MAX_THREADS
                                             : (int)processors;
    }
    DcnContext *context = calloc(1, sizeof *context);
    if (context) {
        context->workers = calloc((size_t)threads, sizeof *context->workers);
        context->scratch = calloc((size_t)threads, sizeof *context->scratch);
    }
    if (!context || !context->workers || !context->scratch) {
        if (context) {
            free(context->workers);
            free(context->scratch);
        }
        free(context);
        dcn_fail_memory(error, "a context", sizeof *context);
        return NULL;
    }
    openblas_set_num_threads(1);
    pthread_mutex_init(&context->lock, NULL);
    pthread_cond_init(&context->wake, NULL);
    pthread_cond_init(&context->idle, NULL);
    context->threads = 1;
    for (int i = 1; i < threads; i++) {
        Worker *worker = &context->workers[i - 1];
        worker->context = context;
        worker->number = (size_t)i;
        if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0)
            break; /* fewer threads than asked for can do the same work */
        context->threads++;
    }
    return context;
}

void
dcn_context_free(DcnContext *context)
{
    if (!context)
        return;
    pthread_mutex_lock(&context->lock);
    context->quit = true;
    pthread_cond_broadcast(&context->wake);
    pthread_mutex_unlock(&context->lock);
    for (int i = 1; i < context->threads; i++)
        pthread_join(context->workers[i - 1].thread, NULL);
    for (int i = 0; i < context->threads; i++)
        free(context->scratch[i]);
    pthread_cond_destroy(&context->wake);
    pthread_cond_destroy(&context->idle);
    pthread_mutex_destroy(&context->lock);
    free(context->scratch);
    free(context->workers);
    free(context);
}

int
dcn_context_threads(const DcnContext *context)
{
    return context->threads;
}

void
dcn_parallel(DcnContext *context,
             size_t count,
             void (*work)(void *user, size_t index, size_t worker),
             void *user)
{
    assert(!context->inside);
    if (count <= 1 || context->threads == 1) {
        for (size_t i = 0; i < count; i++)
            work(user, i, 0);
        return;
    }
    context->inside = true;
    context->work = work;
    context->user = user;
    context->count = count;
    atomic_store(&context->next, 0);
    atomic_store(&context->gate, GATE_OPEN);
    pthread_mutex_lock(&context->lock);
    atomic_fetch_add(&context->round, 1);
    pthread_cond_broadcast(&context->wake);
    pthread_mutex_unlock(&context->lock);
    DcnDenormals before = dcn_denormals_flush(); /* as the others do */
    take_indices(context, 0);
    dcn_denormals_restore(before);
    atomic_fetch_and(&context->gate, ~GATE_OPEN);
    wait_for_workers(context);
    context->inside = false;
}

typedef struct {
    size_t count, grain;
    void (*work)(void *user, size_t begin, size_t end, size_t worker);
    void *user;
} Range;

static void
range_work(void *data, size_t index, size_t worker)
{
    const Range *range = data;
    size_t begin = index * range->grain, end = begin + range->grain;
    range->work(range->user, begin, end < range->count ? end : range->count, worker);
}

void
dcn_parallel_range(DcnContext *context,
                   size_t count,
                   size_t grain,
                   void (*work)(void *user, size_t begin, size_t end, size_t worker),
                   void *user)
{
    if (count == 0)
        return;
    if (grain == 0)
        grain = 1;
    Range range = {count, grain, work, user};
    dcn_parallel(context, (count - 1) / grain + 1, range_work, &range);
}

void *
dcn_scratch(DcnContext *context, size_t worker)
{
    return context->scratch[worker];
}

bool
dcn_context_reserve(DcnContext *context, size_t bytes, DcnError *error)
{
    bytes = (bytes + 63) / 64 * 64;
    if (bytes <= context->scratch_bytes)
        return true;
    for (int i = 0; i < context->threads; i++) {
        void *memory = dcn_pages_alloc(bytes);
        if (!memory)
            return dcn_fail_memory(error, "scratch memory of a thread", bytes);
        free(context->scratch[i]);
        context->scratch[i] = memory;
    }
    context->scratch_bytes = bytes;
    return true;
}
