/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worker.h: one thread beside the main loop of a window.
 *
 * Requests are posted to lanes. In a lane the newest request wins: one that waits is
 * dropped, one that runs is asked to stop and nothing more of it arrives. Lane 0 goes
 * first: work of a later lane lets it pass whenever it asks whether to go on, so that a
 * choice is shown at once while something long is under way.
 *
 *     main loop   worker_post() ----> work: ... work_goes_on() ... work_send() --+
 *                 arrived() <----------------------------------------------------+
 *
 * Work calls neither the host nor the toolkit; what only the host knows it asks by
 * work_ask(). */
#ifndef FEATURESCOPE_BASE_WORKER_H
#define FEATURESCOPE_BASE_WORKER_H

#include <glib.h>

#define WORKER_LANES 6

typedef struct Worker Worker;
typedef struct Work Work; /* one request, as its thread sees it */

Worker *worker_new(void);

/* Asks everything to stop, waits until it does; nothing arrives afterwards. NULL is
 * accepted. */
void worker_free(Worker *worker);

/* run is called in the thread; the request is freed in any. */
void worker_post(Worker *worker,
                 int lane,
                 void (*run)(Work *work, void *request),
                 void *request,
                 GDestroyNotify free_request);

/* Drops what waits in the lane and stops what runs. */
void worker_stop(Worker *worker, int lane);

/* TRUE while something waits or runs in the lane. */
gboolean worker_busy(Worker *worker, int lane);

/* Called by work now and then: runs what waits in earlier lanes, and is FALSE once the
 * work shall stop. */
gboolean work_goes_on(Work *work);

/* The same where nothing else may run in between. */
gboolean work_stopped(const Work *work);

/* Has arrived(user, news) called by the main loop, in the order of sending, unless the
 * work is stopped before. The news are freed after it, or in its place. */
void work_send(Work *work,
               void (*arrived)(void *user, void *news),
               void *user,
               void *news,
               GDestroyNotify free_news);

/* Has call(data) called by the main loop, where the host may be called, and waits for it.
 * FALSE: the work was stopped, and it was not called. work NULL: there is no thread, and
 * it is called at once. */
gboolean work_ask(Work *work, void (*call)(void *data), void *data);

#endif
