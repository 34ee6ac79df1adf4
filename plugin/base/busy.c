/* SPDX-License-Identifier: GPL-3.0-or-later */
/* busy.c: progress of long work, said in words. */

#include "base/busy.h"
#include "base/procedure.h"
#include "host.h"

/* Microseconds between two changes of words and bar, since a host spends time on each.
 * */
#define INTERVAL (G_USEC_PER_SEC / 5)

/* Before this the time left would be a guess. */
#define LEARNING G_USEC_PER_SEC

/* "Occluding: position 120 of 784, 12 s left". g_free(). */
static char *
sentence(const Busy *busy, double done, gint64 elapsed)
{
    GString *text = g_string_new(busy->text);
    if (busy->count)
        g_string_append_printf(text, _(" %zu of %zu"),
                               (gsize)(done * (double)busy->count + 0.5), busy->count);
    if (busy->rate && elapsed > LEARNING)
        g_string_append_printf(text, _(", %.0f a second"),
                               done * (double)busy->count * G_USEC_PER_SEC /
                                   (double)elapsed);
    if (elapsed > LEARNING && done > 0.01) {
        double left = (double)elapsed / G_USEC_PER_SEC * (1 - done) / done;
        if (left < 90)
            g_string_append_printf(text, _(", %d s left"), (int)left + 1);
        else
            g_string_append_printf(text, _(", %d min left"), (int)(left / 60 + 0.5));
    }
    return g_string_free(text, FALSE);
}

static bool
report(double done, void *user)
{
    Busy *busy = user;
    gint64 now = g_get_monotonic_time();
    if (now - busy->shown >= INTERVAL) {
        char *text = sentence(busy, done, now - busy->start);
        host_progress_text(text);
        host_progress(busy->from + (busy->to - busy->from) * done);
        g_free(text);
        busy->shown = now;
    }
    return true; /* a host that cancels ends the process */
}

DcnProgress
busy_start(Busy *busy)
{
    busy->start = busy->shown = g_get_monotonic_time();
    host_progress_text(busy->text);
    host_progress(busy->from);
    return (DcnProgress){report, busy};
}
