/* SPDX-License-Identifier: GPL-3.0-or-later */
/* threads.h: the worker threads of a context, and their scratch memory.
 *
 * One kind of parallelism at a time: either one operator spreads its tiles over the
 * threads of a context, or each thread runs whole images with a context of one thread.
 * dcn_parallel() inside dcn_parallel() of one context is a programming error. */
#ifndef DCN_BASE_THREADS_H
#define DCN_BASE_THREADS_H

#include "dcn.h"

/* Calls work(user, index, worker) for index 0 .. count - 1, spread over the threads, and
 * returns when all are done. worker: 0 .. dcn_context_threads() - 1, the one that calls.
 * Neither the order nor the assignment of indices to workers is defined, so results must
 * not depend on them. */
void dcn_parallel(DcnContext *context,
                  size_t count,
                  void (*work)(void *user, size_t index, size_t worker),
                  void *user);

/* The same over ranges: work(user, begin, end, worker), each range `grain` long but the
 * last. */
void dcn_parallel_range(DcnContext *context,
                        size_t count,
                        size_t grain,
                        void (*work)(void *user, size_t begin, size_t end, size_t worker),
                        void *user);

/* Scratch memory of a worker, 64-byte aligned; as large as the last dcn_context_reserve()
 * asked for. */
void *dcn_scratch(DcnContext *context, size_t worker);

/* Makes each worker's scratch at least `bytes` large. Called when a session is made,
 * never in a run. */
bool dcn_context_reserve(DcnContext *context, size_t bytes, DcnError *error);

#endif
