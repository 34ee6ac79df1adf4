/* newest.h: work beside the main loop, of which only the newest piece counts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One thread takes the newest piece of work whenever it is free. A piece that a newer one
 * has overtaken is thrown away; the one in work may ask whether it was, and stop. */
#ifndef NEWEST_H
#define NEWEST_H

#include <glib.h>

typedef struct Newest Newest;

/* run    in the thread
 * done   on the main loop, after a run that nothing newer has overtaken
 * free   takes a piece of work, on either */
Newest *newest_new(void (*run)(void *work, void *user),
                   void (*done)(void *work, void *user),
                   void (*free)(void *work),
                   void *user);

/* Waits for the thread; nothing is done or run afterwards. */
void newest_free(Newest *newest);

/* Takes the work. Main loop only. */
void newest_put(Newest *newest, void *work);

/* Throws away what waits, and waits until nothing is in work. What was done in the
 * meantime is thrown away as well. Main loop only. */
void newest_rest(Newest *newest);

/* Whether something newer waits; any thread. */
gboolean newest_overtaken(Newest *newest);

/* Whether anything waits or is in work. Main loop only. */
gboolean newest_busy(Newest *newest);

#endif
